import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getBytes, parseEther, type Wallet } from 'ethers'
import { encodeTransfer, sendAndWait } from '../../contracts/client/index.ts'
import { boundNode, fundedWallet } from '../../contracts/script/testing/actors.ts'
import { startTestChain, type TestChain } from '../../contracts/script/testing/practice-chain.ts'
import { peerIdOfPublicKey } from '../../roles/network/index.ts'
import { bundleBench } from '../bench/bundle.ts'
import { ChaosProcess } from './chaos-process.ts'
import type { Line } from './messages.ts'

/** Tokens that the customer begins with. */
export const customerTokensWei = parseEther('1000000')

export type ChaosProvider = {
  readonly node: string
  readonly operator: string
  readonly process: ChaosProcess
  /** What it said in all its lives: what the outside world may rely on. */
  readonly said: readonly Line[]
}

/** One chain, providers and a customer, each in a process of its own. */
export type ChaosTown = {
  readonly test: TestChain
  readonly directory: string
  readonly providers: readonly ChaosProvider[]
  readonly customer: ChaosProcess
  readonly customerAddress: string
  stop(): Promise<void>
}

/** Time passes in blocks even when nobody sends anything. */
const blockMs = 500

/** Starts everything; `providers` must be enough for a put, with some to spare for those that are killed. */
export async function startTown(options: { providers: number }): Promise<ChaosTown> {
  const directory = mkdtempSync(join(tmpdir(), 'hearth-chaos-'))
  const files = await bundleProcesses()
  const test = await startTestChain()
  const providers: ChaosProvider[] = []
  const bootstrapPeers: string[] = []
  for (let index = 0; index < options.providers; index++) {
    const plan = await planProvider(test, directory, index)
    const said: Line[] = []
    const config = { ...plan.config, bootstrapPeers: bootstrapPeers.slice(0, 3) }
    const process = new ChaosProcess({ ...files.provider, name: plan.name, config, onLine: (line) => said.push(line) })
    providers.push({ node: plan.node.address, operator: plan.config.operator, process, said })
    bootstrapPeers.push(plan.multiaddr)
  }
  const { customer, customerAddress } = await planCustomer(test, directory, files.customer, bootstrapPeers)
  await startTogether([...providers.map(({ process }) => process), customer])
  const clock = setInterval(() => void test.mineBlocks(1).catch(() => undefined), blockMs)
  return {
    test,
    directory,
    providers,
    customer,
    customerAddress,
    async stop() {
      clearInterval(clock)
      await Promise.all([customer, ...providers.map(({ process }) => process)].map((process) => process.kill()))
      await test.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

type ProcessFile = { readonly file: string }

/** Both files hold all that they need, so that a start reads few files and its compiled code is cached. */
async function bundleProcesses(): Promise<{ provider: ProcessFile; customer: ProcessFile }> {
  const folder = import.meta.dirname
  const provider = await bundleBench(join(folder, 'provider-process.ts'))
  return { provider: { file: provider }, customer: { file: await bundleBench(join(folder, 'customer-process.ts')) } }
}

async function planProvider(test: TestChain, directory: string, index: number) {
  const { node, operator } = await boundNode(test)
  const gas = await fundedWallet(test)
  const name = `provider-${index}`
  const host = `127.0.${index + 1}.1`
  const listen = `/ip4/${host}/tcp/${await freePort(host)}`
  const peerId = peerIdOfPublicKey(getBytes(node.signingKey.compressedPublicKey))
  const keys = { key: node.privateKey, gasKey: gas.privateKey, operator: operator.address }
  const config = {
    ...keys,
    network: test.network,
    directory: folderFor(directory, name),
    listen: [listen],
    leaving: null,
  }
  return { name, node, config, multiaddr: `${listen}/p2p/${peerId}` }
}

async function planCustomer(
  test: TestChain,
  directory: string,
  file: ProcessFile,
  bootstrapPeers: readonly string[],
): Promise<{ customer: ChaosProcess; customerAddress: string }> {
  const wallet: Wallet = await fundedWallet(test)
  const tokens = encodeTransfer(test.network, { to: wallet.address, amountWei: customerTokensWei })
  await sendAndWait(test.funder, tokens, { timeoutMs: 20_000 })
  const keys = { key: wallet.privateKey, gasKey: wallet.privateKey, operator: wallet.address }
  const place = {
    network: test.network,
    directory: folderFor(directory, 'customer'),
    listen: [],
    bootstrapPeers,
    leaving: null,
  }
  const customer = new ChaosProcess({ ...file, name: 'customer', config: { ...keys, ...place } })
  return { customer, customerAddress: wallet.address }
}

/** The first alone, since it fills the cache of compiled code for the others. */
async function startTogether([first, ...others]: readonly ChaosProcess[]): Promise<void> {
  await first!.start()
  for (let index = 0; index < others.length; index += 3) {
    await Promise.all(others.slice(index, index + 3).map((one) => one.start()))
  }
}

function folderFor(directory: string, name: string): string {
  const folder = join(directory, name)
  mkdirSync(folder, { recursive: true })
  return folder
}

async function freePort(host: string): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, host, done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}
