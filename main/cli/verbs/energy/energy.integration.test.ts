import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeApprove, encodeStakeFor, marketOfRole, sendAndWait } from '../../../../contracts/client/index.ts'
import { fundedWallet } from '../../../../contracts/script/testing/actors.ts'
import {
  energyDay,
  type EnergyHome,
  energyHomes,
  foundCommunity,
  goToEnergyDay,
  settleDayCall,
} from '../../../../contracts/script/testing/energy-actors.ts'
import { startTestChain, type TestChain } from '../../../../contracts/script/testing/practice-chain.ts'
import { openHome } from '../../../store/index.ts'
import { hearthIn } from '../testing/hearth-in.ts'

const timeoutMs = 20_000
const netWei = parseEther('0.02')
let folder: string
let home: string
let chain: TestChain
let homes: readonly EnergyHome[]
let day: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-energy-'))
  home = join(folder, 'home')
  chain = await startTestChain()
  const { network, funder } = chain
  await openHome(home).network.write(network)
  const where = await foundCommunity(chain)
  homes = await energyHomes(chain, where, await fundedWallet(chain, parseEther('10')), 2)
  await sendAndWait(funder, encodeApprove(network, { spender: network.contracts.Registry }), { timeoutMs })
  const stake = { operator: homes[0]!.operator.address, amountWei: parseEther('10') }
  await sendAndWait(funder, encodeStakeFor(network, { ...stake, market: marketOfRole(network, 'energy') }), {
    timeoutMs,
  })
  await goToEnergyDay(chain, where.daySeconds, (await energyDay(chain, where.daySeconds)) + 1)
  day = await energyDay(chain, where.daySeconds)
  await goToEnergyDay(chain, where.daySeconds, day + 1)
  const nets = [
    { node: homes[0]!.node.address, netWei, certifiedWh: 100, heldWh: 25 },
    { node: homes[1]!.node.address, netWei: -netWei, certifiedWh: 0, heldWh: 75 },
  ]
  const { call } = await settleDayCall(chain, where, day, nets, homes[0]!.node)
  await sendAndWait(funder, call, { timeoutMs })
}, 90_000)

afterAll(async () => {
  await chain.stop()
  await rm(folder, { recursive: true, force: true })
})

const hearth = (...words: string[]) => hearthIn(home, folder)(['energy', ...words])

test('`energy trades` tells what each day came to for a node, to the wei', async () => {
  const { code, stdout } = await hearth('trades', '--node', homes[1]!.node.address, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    node: homes[1]!.node.address,
    trades: [{ day, netWei: String(-netWei), certifiedWh: 0, heldWh: 75 }],
  })
  expect((await hearth('trades', '--node', homes[0]!.node.address)).stdout).toMatch(/100 Wh +25 Wh/)
})

test('`energy certificates` tells what is held, of how much, and who stands behind it', async () => {
  const { code, stdout } = await hearth('certificates', '--node', homes[1]!.node.address, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    certificates: [{ day, heldWh: '75', mintedWh: '100', retiredWh: '0', selfDeclared: false }],
  })
})

test('a node in no community has nothing; a home without a key, a wrong address and a wrong word are said plainly', async () => {
  const stranger = await hearth('trades', '--node', homes[1]!.operator.address)
  expect([stranger.code, stranger.stdout.trim()]).toEqual([0, 'Nothing was traded yet.'])
  for (const [words, sentence] of [
    [['trades'], 'This home has no energy key yet.'],
    [['trades', '--node', 'me'], '"me" is no address of a node.'],
    [['sell'], 'Say `hearth energy trades` or `hearth energy certificates`.'],
  ] as const) {
    const { code, stderr } = await hearth(...words)
    expect(code).toBe(2)
    expect(stderr).toContain(sentence)
  }
})
