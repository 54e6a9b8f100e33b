import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getBytes, parseEther, type Wallet } from 'ethers'
import {
  createTransactionSender,
  encodeApprove,
  encodeStakeFor,
  listRenderWorkers,
  sendAndWait,
  type TransactionSender,
} from '../../../contracts/client/index.ts'
import { authorizeCall, fundedWallet, newWallet } from '../../../contracts/script/testing/actors.ts'
import { startTestChain, type TestChain } from '../../../contracts/script/testing/practice-chain.ts'
import { createRoleSigner } from '../../../main/app/role-signer.ts'
import { assertWorkCall } from '../../../main/app/work-calls.ts'
import type { Allowance } from '../../api/allowance.ts'
import type { RoleEvent } from '../../api/messages.ts'
import type { OpenRenderSurface } from '../../api/render-surface.ts'
import { silentLog, type Log } from '../../api/values.ts'
import type { RunningRole } from '../../api/worker.ts'
import { createLocalRoleContext } from '../../host/local-context.ts'
import { createNetworkNode, localIdentity } from '../../network/index.ts'
import type { RenderCustomer } from '../customer/context.ts'
import { startRenderRole, type RenderRoleOptions } from '../provider/start-render-role.ts'
import { openSoftwareSurfaces } from './software-surface.ts'

/** How one node of the town is. */
export type NodePlan = RenderRoleOptions & { readonly openSurface?: OpenRenderSurface }

/** A render node in this process, with the real role, signer and list of calls that it may send. */
export type RenderNode = {
  readonly wallet: Wallet
  readonly operator: string
  readonly directory: string
  readonly events: readonly RoleEvent[]
  role(): RunningRole
  setAllowance(change: Partial<Allowance>): void
  /** Ends the role without a farewell and starts it again on the same folder. */
  restart(plan?: NodePlan): Promise<void>
  stop(): Promise<void>
}

export type RenderTown = {
  readonly test: TestChain
  readonly nodes: readonly RenderNode[]
  /** Opens the customer (one account, one folder) anew, as another process would. */
  openCustomer(openSurface?: OpenRenderSurface): Promise<RenderCustomer & { close(): Promise<void> }>
  readonly customer: Wallet
  stop(): Promise<void>
}

const everythingAllowed: Allowance = {
  work: 'full',
  reason: 'allowed',
  resumesAtMs: null,
  diskLimitBytes: null,
  diskReserveBytes: null,
  uploadBytesPerSecond: null,
  downloadBytesPerSecond: null,
  cpuShare: null,
}
const timeoutMs = 20_000
/** Enough provision for a few open units. */
const stakeWei = parseEther('500')

/** A chain, render nodes on addresses of their own, and a customer with tokens: the real thing but for the graphics processors. */
export async function startRenderTown(plans: readonly NodePlan[], readyMs = 30_000): Promise<RenderTown> {
  const directory = mkdtempSync(join(tmpdir(), 'hearth-render-'))
  const test = await startTestChain()
  const customer = await fundedWallet(test, parseEther('1000'))
  const keys = []
  for (const _plan of plans) keys.push(await boundRenderer(test))
  await test.chain.provider.send('evm_setIntervalMining', [1])
  const nodes: RenderNode[] = []
  const bootstrapPeers: string[] = []
  for (const [index, plan] of plans.entries()) {
    const listen = [`/ip4/127.1.${index + 1}.1/tcp/0`]
    const folder = join(directory, `node-${index}`)
    const node = await startNode({
      test,
      ...keys[index]!,
      plan,
      directory: folder,
      listen,
      bootstrapPeers: [...bootstrapPeers],
    })
    nodes.push(node)
    bootstrapPeers.push(...node.role().status().multiaddrs)
  }
  await untilInPool(test, nodes.length, readyMs)
  return {
    ...{ test, nodes, customer },
    openCustomer: (openSurface = openSoftwareSurfaces()) =>
      openCustomer(test, customer, {
        // A node that was started again listens somewhere else.
        bootstrapPeers: nodes.flatMap((node) => node.role().status().multiaddrs),
        directory: join(directory, 'customer'),
        openSurface,
      }),
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()))
      await test.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** For whoever looks for the cause of something: `HEARTH_TEST_LOG=1`. */
function consoleLog(name: string): Log {
  const at = (message: string, details?: unknown): void => console.log(name, message, JSON.stringify(details))
  return { debug: at, info: at, warn: at, error: at }
}

async function untilInPool(test: TestChain, count: number, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs
  while ((await listRenderWorkers(test.chain)).filter(({ inPool }) => inPool).length < count) {
    if (Date.now() > deadline) throw new Error(`Not all of ${count} nodes took work in time.`)
    await new Promise((done) => setTimeout(done, 200))
  }
}

async function boundRenderer(test: TestChain): Promise<{ wallet: Wallet; operator: string; gas: Wallet }> {
  const [operator, wallet] = [newWallet(test), newWallet(test)]
  await sendAndWait(test.funder, await authorizeCall(test, operator, [{ wallet, role: 'render' }]), { timeoutMs })
  const { contracts } = test.network
  await sendAndWait(test.funder, encodeApprove(test.network, { spender: contracts.Registry, amountWei: stakeWei }), {
    timeoutMs,
  })
  const stake = { operator: operator.address, amountWei: stakeWei, market: contracts.RenderMarket }
  await sendAndWait(test.funder, encodeStakeFor(test.network, stake), { timeoutMs })
  return { wallet, operator: operator.address, gas: await fundedWallet(test) }
}

type StartOptions = {
  readonly test: TestChain
  readonly wallet: Wallet
  readonly operator: string
  readonly gas: Wallet
  readonly plan: NodePlan
  readonly directory: string
  readonly listen: readonly string[]
  readonly bootstrapPeers: readonly string[]
}

async function startNode(o: StartOptions): Promise<RenderNode> {
  const events: RoleEvent[] = []
  let plan = o.plan
  let running = await startRole(o, plan, events)
  return {
    ...{ wallet: o.wallet, operator: o.operator, directory: o.directory, events },
    role: () => running.role,
    setAllowance: (change) => running.setAllowance(change),
    async restart(next) {
      plan = next ?? plan
      await running.stop()
      running = await startRole(o, plan, events)
    },
    stop: () => running.stop(),
  }
}

async function startRole(o: StartOptions, plan: NodePlan, events: RoleEvent[]) {
  const { test, wallet, operator } = o
  mkdirSync(o.directory, { recursive: true })
  const { openSurface = openSoftwareSurfaces(), ...options } = plan
  const sender = createTransactionSender(test.chain, o.gas)
  const local = createLocalRoleContext({
    start: {
      ...{ role: 'render', node: wallet.address, operator, nodePublicKey: wallet.signingKey.compressedPublicKey },
      network: { ...test.network, bootstrapPeers: o.bootstrapPeers },
      ...{
        dataDirectory: o.directory,
        workDirectory: o.directory,
        listen: [...o.listen],
        allowance: everythingAllowed,
      },
    },
    log: process.env['HEARTH_TEST_LOG'] === undefined ? silentLog : consoleLog(wallet.address.slice(0, 6)),
    sign: createRoleSigner({ privateKey: getBytes(wallet.privateKey), node: wallet.address, network: test.network }),
    submit: (request) => submit(test, sender, request),
    openSurface,
    onEvent: (event) => events.push(event),
  })
  const role = await startRenderRole(local.context, options)
  return {
    role,
    setAllowance: (change: Partial<Allowance>) => local.setAllowance({ ...everythingAllowed, ...change }),
    async stop() {
      await role.stop()
      sender.close()
    },
  }
}

type Submitted = Parameters<typeof assertWorkCall>[0]

async function submit(test: TestChain, sender: TransactionSender, request: Submitted) {
  assertWorkCall(request, test.network)
  const receipt = await sender.send({ to: request.to, data: request.data }, { timeoutMs })
  return { transactionHash: receipt.hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed.toString() }
}

async function openCustomer(
  test: TestChain,
  wallet: Wallet,
  o: { bootstrapPeers: readonly string[]; directory: string; openSurface: OpenRenderSurface },
) {
  const node = await createNetworkNode({
    identity: localIdentity(getBytes(wallet.privateKey)),
    listen: [],
    bootstrapPeers: o.bootstrapPeers,
    mode: 'client',
    log: silentLog,
  })
  const sender = createTransactionSender(test.chain, wallet)
  mkdirSync(o.directory, { recursive: true })
  return {
    ...{
      chain: test.chain,
      wallet,
      sender,
      node,
      dataDirectory: o.directory,
      log: silentLog,
      openSurface: o.openSurface,
    },
    async close() {
      sender.close()
      await node.stop()
    },
  }
}
