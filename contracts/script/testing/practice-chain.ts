import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { HDNodeWallet, JsonRpcProvider, Mnemonic, Network, randomBytes } from 'ethers'
import { type Chain, openChain } from '../../client/chain.ts'
import type { NetworkFile } from '../../client/network-file.ts'
import { deployContracts } from '../deploy.ts'

/** A chain of its own for one test file, with the contracts deployed as practice. */
export type TestChain = {
  readonly chain: Chain
  readonly network: NetworkFile
  /** Holds the genesis supply and coins; send with it one after the other. */
  readonly funder: HDNodeWallet
  readonly mnemonic: string
  /** Mines one block that is at least this much later. */
  passSeconds(seconds: number): Promise<void>
  mineBlocks(count: number): Promise<void>
  stop(): Promise<void>
}

const startTimeoutMs = 20_000

/** Starts Anvil's binary on a free loopback port; every transaction is mined at once, in the latest fork's rules. */
export async function startTestChain(
  options: { profile?: 'practice' | 'real'; symbol?: string; chainId?: number } = {},
): Promise<TestChain> {
  const profile = options.profile ?? 'practice'
  const port = await freePort()
  const chainId = options.chainId ?? 1_000_000 + Math.floor(Math.random() * 1e9)
  const mnemonic = Mnemonic.fromEntropy(randomBytes(16)).phrase
  const child = startAnvil(port, chainId, mnemonic)
  const url = `http://127.0.0.1:${port}`
  const chainNetwork = Network.from(chainId)
  const provider = new JsonRpcProvider(url, chainNetwork, {
    staticNetwork: chainNetwork,
    batchMaxCount: 1,
    cacheTimeout: -1,
    pollingInterval: 20,
  })
  await untilUp(provider, child)
  await provider.send('anvil_mine', ['0x3'])
  const funder = HDNodeWallet.fromPhrase(mnemonic).connect(provider)
  const usual = profile === 'practice' ? { symbol: 'PLAY', name: 'Practice' } : { symbol: 'HRTH', name: 'Hearth' }
  const brand = { ...usual, symbol: options.symbol ?? usual.symbol }
  const deployment = await deployContracts(funder, provider, {
    profile,
    symbol: brand.symbol,
    label: 'Hearth',
    genesisRecipient: funder.address,
    salt: `test ${chainId}`,
  })
  const genesis = await provider.getBlock(0)
  const network: NetworkFile = {
    formatVersion: 1,
    practice: profile === 'practice',
    name: brand.name,
    symbol: brand.symbol,
    chainId,
    genesisHash: genesis!.hash!,
    rpcUrls: [url],
    contracts: deployment.addresses,
    deployedAtBlock: deployment.deployedAtBlock,
    bootstrapPeers: [],
    journeyUrl: null,
    nativeWeiPerToken: '1000000000000000',
  }
  const chain = openChain(network)
  chain.provider.pollingInterval = 20
  return {
    chain,
    network,
    funder,
    mnemonic,
    passSeconds: async (seconds) => {
      await provider.send('evm_increaseTime', [seconds])
      await provider.send('evm_mine', [])
    },
    mineBlocks: async (count) => {
      await provider.send('anvil_mine', [`0x${count.toString(16)}`])
    },
    stop: async () => {
      chain.close()
      provider.destroy()
      await ended(child)
    },
  }
}

function startAnvil(port: number, chainId: number, mnemonic: string): ChildProcess {
  const folder = `anvil-${process.platform === 'win32' ? 'win32' : process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const binary = resolve(import.meta.dirname, `../../../node_modules/@foundry-rs/${folder}/bin/anvil`)
  const args = ['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId), '--mnemonic', mnemonic]
  const child = spawn(binary, [...args, '--no-cors', '--silent'], { stdio: 'ignore' })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  return child
}

async function untilUp(provider: JsonRpcProvider, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + startTimeoutMs
  for (;;) {
    try {
      await provider.send('eth_chainId', [])
      return
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) throw error
      await new Promise((done) => setTimeout(done, 30))
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((done) => child.once('exit', done))
  child.kill('SIGKILL')
  await gone
}
