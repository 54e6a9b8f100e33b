import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeApprove, encodeStakeFor, sendAndWait } from '../../../contracts/client/index.ts'
import { startTestChain, type TestChain } from '../../app/testing/test-chain.ts'
import { createNodePlatform } from '../../platform/node/index.ts'
import { openHome } from '../../store/index.ts'
import { runHearth } from './run-hearth.ts'

const timeoutMs = 20_000
let folder: string
let home: string
let chain: TestChain

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-stake-'))
  home = join(folder, 'home')
  chain = await startTestChain(folder)
  await writeFile(join(folder, 'network.json'), JSON.stringify(chain.network))
  await stakeFor('7.5')
}, 60_000)

afterAll(async () => {
  await chain.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Somebody stakes for the home's operator. */
async function stakeFor(tokens: string): Promise<void> {
  const { network } = chain
  const opened = openHome(home)
  await opened.network.write(network)
  const operator = (await opened.keys.ensureKey('operator')).address
  const payer = await chain.provider.getSigner(0)
  await sendAndWait(payer, encodeApprove(network, { spender: network.contracts.Registry }), { timeoutMs })
  await sendAndWait(payer, encodeStakeFor(network, { operator, amountWei: parseEther(tokens) }), { timeoutMs })
}

async function hearth(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const code = await runHearth({
    args: [...args, '--home', home],
    env: { XDG_CONFIG_HOME: join(folder, 'config') },
    cwd: folder,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    platform: createNodePlatform(),
    signal: new AbortController().signal,
  })
  return { code, stdout, stderr }
}

test('unstake waits, and is fetched when it has', async () => {
  const asked = await hearth('unstake', '2')
  expect(asked.code).toBe(0)
  expect(asked.stdout).toContain('On its way back: 2.000000 PLAY')
  expect(asked.stderr).toMatch(
    /^The operator signs:\nPRACTICE, no value\nHearth: unstake\n2\.000000 PLAY\nfrom storage by\n0x[0-9a-f]{40}\nChain/,
  )
  const early = await hearth('unstake', '--withdraw')
  expect(early).toMatchObject({ code: 1, stdout: '' })
  expect(early.stderr).toContain('The stake waits until')
  await chain.provider.send('evm_increaseTime', [180])
  await chain.provider.send('evm_mine', [])
  const fetched = JSON.parse((await hearth('unstake', '--withdraw', '--json')).stdout) as Record<string, string>
  expect(fetched).toMatchObject({ kind: 'withdraw', amountWei: String(parseEther('2')) })
  expect(fetched['provisionWei']).toBe(String(parseEther('5.5')))
}, 60_000)

test('wrong amounts are refused in words, before and by the contract', async () => {
  for (const amount of ['0', '-1', '1e3', '1,5', '0.0000001', 'all', '01']) {
    expect((await hearth('unstake', amount)).code).toBe(2)
  }
  expect((await hearth('unstake')).code).toBe(2)
  expect((await hearth('unstake', '1', '--withdraw')).code).toBe(2)
  const tooMuch = await hearth('unstake', '500')
  expect(tooMuch).toMatchObject({ code: 1, stdout: '' })
  expect(tooMuch.stderr).toContain('Only 5.500000 PLAY are staked.')
}, 60_000)
