import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { JsonRpcProvider, toQuantity } from 'ethers'
import { z } from 'zod'
import type { NetworkFile } from '../../../contracts/client/index.ts'
import { deployContracts } from '../../../contracts/script/deploy.ts'

/**
 * A small practice network for tests of the engine: a real Anvil with the real contracts, and in front of it the one method
 * that the real practice proxy adds. No neighbours, no customers.
 */
export type TestChain = {
  readonly network: NetworkFile
  readonly provider: JsonRpcProvider
  /** Saves the chain as it is now. */
  save(): Promise<void>
  /** Kills Anvil without a word, as a crash would. */
  kill(): Promise<void>
  /** Starts it again from the last save (older than when it was killed). */
  restart(): Promise<void>
  stop(): Promise<void>
}

const system = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform as 'linux' | 'darwin' | 'win32']
const anvilPackage = `anvil-${system}-${process.arch === 'x64' ? 'amd64' : process.arch}`
const anvilPath = join(import.meta.dirname, '../../../node_modules/@foundry-rs', anvilPackage, 'bin/anvil')
const enrolSchema = z.object({ customer: z.string(), gasAccount: z.string(), operator: z.string().optional() })
const coin = 10n ** 18n

/** Starts a chain and deploys the practice contracts; `directory` keeps its saved state. */
export async function startTestChain(directory: string): Promise<TestChain> {
  const statePath = join(directory, 'state.json')
  const port = await freePort()
  const args = ['--port', String(port), '--chain-id', '271828', '--block-time', '1', '--silent', '--no-cors']
  let anvil = await startAnvil(args, port)
  const url = `http://127.0.0.1:${port}`
  const provider = new JsonRpcProvider(url, 271828, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 })
  const signer = await provider.getSigner(0)
  const deployment = await deployContracts(signer, provider, {
    profile: 'practice',
    symbol: 'PLAY',
    label: 'Hearth',
    genesisRecipient: await signer.getAddress(),
    salt: 'engine test',
  })
  const proxy = await startProxy(url, provider)
  const genesis = await provider.getBlock(0)
  return {
    network: {
      formatVersion: 1,
      practice: true,
      name: 'Test practice',
      symbol: 'PLAY',
      chainId: 271828,
      genesisHash: genesis!.hash!,
      rpcUrls: [`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`],
      contracts: deployment.addresses,
      deployedAtBlock: deployment.deployedAtBlock,
      bootstrapPeers: [],
      journeyUrl: null,
      nativeWeiPerToken: coin.toString(),
    },
    provider,
    async save() {
      const packed = z.string().parse(await provider.send('anvil_dumpState', []))
      writeFileSync(statePath, gunzipSync(Buffer.from(packed.slice(2), 'hex')))
    },
    kill: () => kill(anvil),
    async restart() {
      anvil = await startAnvil([...args, '--load-state', statePath], port)
    },
    async stop() {
      provider.destroy()
      proxy.closeAllConnections()
      proxy.close()
      await kill(anvil)
    },
  }
}

async function startAnvil(args: readonly string[], port: number): Promise<ChildProcess> {
  const child = spawn(anvilPath, [...args], { stdio: 'ignore' })
  const endMs = performance.now() + 15_000
  while (performance.now() < endMs) {
    const answer = await fetch(`http://127.0.0.1:${port}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}',
    }).catch(() => null)
    if (answer?.ok === true) return child
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  throw new Error('Anvil did not come up.')
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function startProxy(url: string, provider: JsonRpcProvider): Promise<Server> {
  const server = createServer((request, response) => {
    forward(url, provider, request, response).catch(() => response.writeHead(502).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function forward(
  url: string,
  provider: JsonRpcProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const { id, method, params } = JSON.parse(body.toString()) as { id: number; method: string; params: unknown[] }
  response.setHeader('content-type', 'application/json')
  if (method === 'hearth_enrol') {
    const { customer, gasAccount } = enrolSchema.parse(params[0])
    for (const account of [customer, gasAccount]) {
      await provider.send('anvil_setBalance', [account, toQuantity(100n * coin)])
    }
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result: true }))
    return
  }
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body })
  response.writeHead(answer.status).end(await answer.text())
}
