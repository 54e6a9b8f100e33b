import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeApprove, encodeStakeFor, sendAndWait } from '../../../contracts/client/index.ts'
import { startTestChain, type TestChain } from '../../app/testing/test-chain.ts'
import { openHome } from '../../store/index.ts'
import { earnTokens } from './testing/earn-tokens.ts'
import { hearthIn } from './testing/hearth-in.ts'

const timeoutMs = 20_000
let folder: string
let home: string
let chain: TestChain

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-stake-'))
  home = join(folder, 'home')
  chain = await startTestChain(folder)
  await writeFile(join(folder, 'network.json'), JSON.stringify(chain.network))
  await earnTokens(chain, home, '20')
}, 60_000)

afterAll(async () => {
  await chain.stop()
  await rm(folder, { recursive: true, force: true })
})

const hearth = (...args: string[]) => hearthIn(home, folder)(args)

test('stake moves earned tokens, shows the sentence line by line, and earnings still add up', async () => {
  const { code, stdout, stderr } = await hearth('stake', '7.5', '--json')
  expect(code).toBe(0)
  const result = JSON.parse(stdout) as Record<string, string>
  expect(result).toMatchObject({ kind: 'stake', amountWei: String(parseEther('7.5')), openSets: 0 })
  expect(result['provisionWei']).toBe(String(parseEther('7.5')))
  for (const line of String(result['text']).split('\n')) expect(stderr).toContain(`${line}\n`)
  const earnings = JSON.parse((await hearth('earnings', '--json')).stdout) as Record<string, string>
  expect(earnings).toMatchObject({ movedToStakeWei: String(parseEther('7.5')), reconciles: true })
  const wei = (key: string) => BigInt(earnings[key]!)
  expect(wei('earnedWei')).toBe(wei('claimedWei') + wei('claimableWei') + wei('movedToStakeWei'))
}, 60_000)

test('unstake waits, and is fetched when it has', async () => {
  const asked = await hearth('unstake', '2')
  expect(asked.code).toBe(0)
  expect(asked.stdout).toContain('On its way back: 2.000000 PLAY')
  const early = await hearth('unstake', '--withdraw')
  expect(early).toMatchObject({ code: 1, stdout: '' })
  expect(early.stderr).toContain('The stake waits until')
  await chain.provider.send('evm_increaseTime', [180])
  await chain.provider.send('evm_mine', [])
  const fetched = JSON.parse((await hearth('unstake', '--withdraw', '--json')).stdout) as Record<string, string>
  expect(fetched).toMatchObject({ kind: 'withdraw', amountWei: String(parseEther('2')) })
  expect(fetched['provisionWei']).toBe(String(parseEther('5.5')))
}, 60_000)

test('what somebody else staked for the operator can be asked back by him too', async () => {
  const payer = await chain.provider.getSigner(0)
  const operator = (await openHome(home).keys.ensureKey('operator')).address
  const { network } = chain
  await sendAndWait(payer, encodeApprove(network, { spender: network.contracts.Registry }), { timeoutMs })
  await sendAndWait(payer, encodeStakeFor(network, { operator, amountWei: parseEther('1') }), { timeoutMs })
  expect((await hearth('unstake', '6.5')).code).toBe(0)
}, 60_000)

test('wrong amounts are refused in words, before and by the contract', async () => {
  for (const amount of ['0', '-1', '1e3', '1,5', '0.0000001', 'all', '01']) {
    expect((await hearth('stake', amount)).code).toBe(2)
  }
  expect((await hearth('stake')).code).toBe(2)
  expect((await hearth('unstake', '1', '--withdraw')).code).toBe(2)
  const tooMuch = await hearth('stake', '500')
  expect(tooMuch).toMatchObject({ code: 1, stdout: '' })
  // What is left of the fees, and by then perhaps the reward of an epoch that has ended.
  expect(tooMuch.stderr).toMatch(/Only 1[12]\.\d00000 PLAY can be staked from what was earned\./)
}, 60_000)

test('earnings are exported so that every column adds up to what the chain says, with the value of each line', async () => {
  const books = JSON.parse((await hearth('earnings', '--json')).stdout) as Record<string, string>
  const prices = join(folder, 'prices.csv')
  await writeFile(prices, 'date,price\n2020-01-01,0.5\n')
  const { code, stdout, stderr } = await hearth('earnings', '--csv', '--prices', prices, '--currency', 'EUR')
  expect(code).toBe(0)
  const [header, ...lines] = stdout
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','))
  const column = (name: string) => lines.map((line) => line[header!.indexOf(name)]!)
  const sum = (name: string) => String(column(name).reduce((total, wei) => total + BigInt(wei), 0n))
  expect(sum('earnedWei')).toBe(books['earnedWei'])
  expect(sum('claimedWei')).toBe(books['claimedWei'])
  expect(sum('movedToStakeWei')).toBe(books['movedToStakeWei'])
  expect(sum('burnedWei')).toBe(books['burnedWei'])
  expect(column('kind')).toEqual(expect.arrayContaining(['voucher', 'stake']))
  // Nineteen tokens at half a euro; the stake that was made of them was valued when it was earned.
  const valueOf = (kind: string) => column('value')[column('kind').indexOf(kind)]
  expect([valueOf('voucher'), valueOf('stake')]).toEqual(['9.50000000', ''])
  expect(stderr).toContain('rounded half to even')
}, 60_000)

test('earnings tell today, 7 and 30 days, and that an estimate is still too early', async () => {
  const { stdout } = await hearth('earnings', '--json')
  const books = JSON.parse(stdout) as Record<string, unknown>
  expect(books).toMatchObject({ sevenDaysWei: books['earnedWei'], thirtyDaysWei: books['earnedWei'], dayMs: 60_000 })
  expect(books['estimate']).toMatchObject({ kind: 'tooEarly', daysNeeded: 14 })
  expect(books['advice']).toMatchObject({ ownMinimumMicro: '0' })
  const words = (await hearth('earnings')).stdout
  expect(words).toMatch(/ {2}today +\d+\.\d{6} PLAY\n/)
  expect(words).toMatch(/The next 7 min \(7 practice days\): no estimate yet/)
}, 60_000)
