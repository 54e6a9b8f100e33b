import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { HDNodeWallet, Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { networkFileSchema, openChain, readPowers, readTokenBalance, verifyContracts } from '../client/index.ts'
import type { DryRun } from './deploy-network.ts'
import { parseNetworkOptions, readDeployKey } from './network-options.ts'
import { genesisSupplyWei } from './parameters.ts'
import { startTestChain, type TestChain } from './testing/practice-chain.ts'

const script = resolve(import.meta.dirname, 'deploy-network.ts')
const [admin, guard] = [Wallet.createRandom().address, Wallet.createRandom().address]
let test: TestChain
let folder: string
let env: string

beforeAll(async () => {
  test = await startTestChain()
  folder = await mkdtemp(join(tmpdir(), 'hearth-deploy-'))
  env = join(folder, 'deploy.env')
  await writeFile(env, `HEARTH_DEPLOY_KEY=${test.funder.privateKey}\n`, { mode: 0o600 })
}, 30_000)

afterAll(async () => {
  await test.stop()
  await rm(folder, { recursive: true, force: true })
})

type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string }

function argsOf(more: readonly string[] = [], profile = 'real'): string[] {
  const rpc = test.network.rpcUrls[0]!
  const base = ['--rpc', rpc, '--profile', profile, '--name', 'Test L2', '--symbol', 'HRTH', '--env', env]
  return [...base, '--out', join(folder, 'network.json'), '--salt', 'a salt of this test', ...more]
}

function run(args: readonly string[]): Promise<Ran> {
  return new Promise((done) => {
    execFile(process.execPath, [script, ...args], { timeout: 60_000 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

describe('deploy-network', () => {
  const powers = ['--admin', admin, '--guard', guard]

  it('rehearses: prints addresses and gas and sends nothing', async () => {
    const before = await test.chain.provider.getBlockNumber()
    const ran = await run(argsOf([...powers, '--dry-run']))
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const dry = JSON.parse(ran.stdout) as DryRun
    expect(Object.keys(dry.contracts).sort()).toEqual(Object.keys(test.network.contracts).sort())
    const sum = Object.values(dry.gas).reduce((total, gas) => total + BigInt(gas), 0n)
    expect(BigInt(dry.totalGas)).toBe(sum)
    expect(sum).toBeGreaterThan(5_000_000n)
    expect(await test.chain.provider.getBlockNumber()).toBe(before)
    await expect(stat(join(folder, 'network.json'))).rejects.toThrow()
  }, 60_000)

  it('deploys to the addresses of the rehearsal, gives the rest back and writes a network file that verifies', async () => {
    const dry = JSON.parse((await run(argsOf([...powers, '--dry-run']))).stdout) as DryRun
    const before = await test.chain.provider.getBalance(test.funder.address)
    const ran = await run(argsOf(powers))
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const network = networkFileSchema.parse(JSON.parse(await readFile(join(folder, 'network.json'), 'utf8')))
    expect(network).toMatchObject({ practice: false, name: 'Test L2', symbol: 'HRTH', contracts: dry.contracts })
    const chain = openChain(network)
    try {
      expect(new Set(Object.values(await verifyContracts(chain)))).toEqual(new Set(['same']))
      expect(await readPowers(chain)).toMatchObject({ admin, guard, newWorkAllowed: true })
      expect(await readTokenBalance(chain, test.funder.address)).toBe(genesisSupplyWei)
    } finally {
      chain.close()
    }
    const spent = before - (await test.chain.provider.getBalance(test.funder.address))
    expect(spent).toBeLessThan(BigInt(dry.costWei) * 2n)
  }, 60_000)

  it('refuses accounts of a published phrase, and powers that are not apart', async () => {
    const known = HDNodeWallet.fromPhrase(`${'test '.repeat(11)}junk`, undefined, `m/44'/60'/0'/0/3`).address
    const published = await run(argsOf(['--admin', known, '--guard', guard]))
    expect(published).toMatchObject({ code: 1, stdout: '' })
    expect(published.stderr).toContain('belongs to a published phrase')
    const together = await run(argsOf(['--admin', admin, '--guard', admin]))
    expect(together.stderr).toContain('must be three accounts')
    const payer = await run(argsOf(['--admin', test.funder.address, '--guard', guard]))
    expect(payer.stderr).toContain('must be three accounts')
  }, 60_000)
})

describe('its command line', () => {
  it('names the option that is wrong', () => {
    expect(() => parseNetworkOptions(argsOf([], 'other'))).toThrow('--profile')
    expect(() => parseNetworkOptions(argsOf(['--admin', '0x12']))).toThrow('--admin: takes an address')
    expect(() => parseNetworkOptions(argsOf())).toThrow('needs --admin and --guard')
  })

  it('draws a salt when none is named', () => {
    const args = argsOf([], 'practice').filter((one) => one !== '--salt' && one !== 'a salt of this test')
    expect(parseNetworkOptions(args).salt).not.toBe(parseNetworkOptions(args).salt)
  })

  it('takes the key from an environment file only', async () => {
    expect((await readDeployKey(env)).address).toBe(test.funder.address)
    const bad = join(folder, 'bad.env')
    await writeFile(bad, 'OTHER=1\n')
    await expect(readDeployKey(bad)).rejects.toThrow('HEARTH_DEPLOY_KEY')
  })
})
