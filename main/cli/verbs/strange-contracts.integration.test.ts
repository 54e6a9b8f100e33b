import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NetworkFile } from '../../../contracts/client/index.ts'
import { startTestChain, type TestChain } from '../../../contracts/script/testing/practice-chain.ts'
import { createNodePlatform } from '../../platform/node/index.ts'
import { runHearth } from './run-hearth.ts'

let folder: string
let chain: TestChain
let homes = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-strange-'))
  chain = await startTestChain({ profile: 'real' })
}, 30_000)

afterAll(async () => {
  await chain.stop()
  await rm(folder, { recursive: true, force: true })
})

async function hearth(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const code = await runHearth({
    args,
    env: { XDG_CONFIG_HOME: join(folder, 'config') },
    cwd: folder,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    platform: createNodePlatform(),
    signal: new AbortController().signal,
  })
  return { code, stdout, stderr }
}

/** A home that has just joined the network of a file. */
async function joined(network: NetworkFile): Promise<{ home: string; stderr: string }> {
  const [home, file] = [join(folder, `home-${homes}`), join(folder, `network-${homes++}.json`)]
  await writeFile(file, JSON.stringify(network))
  const { stderr } = await hearth(['earnings', '--home', home, '--network', file])
  return { home, stderr }
}

async function findingOf(home: string): Promise<{ ok: boolean; message: string }> {
  const { stdout } = await hearth(['doctor', '--json', '--home', home])
  const { findings } = JSON.parse(stdout) as { findings: { check: string; ok: boolean; message: string }[] }
  return findings.find(({ check }) => check === 'contracts')!
}

test('a network with the contracts of this release is joined without a warning, and the doctor knows them', async () => {
  const { home, stderr } = await joined(chain.network)
  expect(stderr).toContain('anyone can write a network file')
  expect(stderr).not.toContain('Warning')
  expect(await findingOf(home)).toMatchObject({ ok: true, message: 'the code of this version' })
}, 30_000)

test('a network whose contracts are others is warned of in plain words, also where it calls itself practice', async () => {
  const { contracts } = chain.network
  for (const practice of [false, true]) {
    const swapped = { ...contracts, Payments: contracts.Registry, Seeds: `0x${'ab'.repeat(20)}` }
    const { home, stderr } = await joined({ ...chain.network, practice, contracts: swapped })
    expect(stderr).toContain('Warning: The contracts of "Hearth" differ from what this version knows')
    expect(stderr).toContain('Payments is not the one of this version of Hearth')
    expect(stderr).toContain('Seeds is not there')
    const finding = await findingOf(home)
    expect(finding.ok).toBe(false)
    expect(finding.message).toContain('They could do anything')
  }
}, 30_000)

test('a chain that does not answer is said to be uncompared, not strange', async () => {
  const { home, stderr } = await joined({ ...chain.network, rpcUrls: ['http://127.0.0.1:9/'] })
  expect(stderr).toContain('could not be compared')
  expect(await findingOf(home)).toMatchObject({ ok: true, message: 'not looked at: the chain does not answer' })
}, 60_000)
