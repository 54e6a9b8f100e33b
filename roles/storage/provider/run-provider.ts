import { setMaxListeners } from 'node:events'
import type { Chain } from '../../../contracts/client/index.ts'
import type { RoleContext, RunningRole } from '../../api/worker.ts'
import type { NetworkNode } from '../../network/index.ts'
import type { NodeVoucherStore } from '../../vouchers/index.ts'
import { storageCatalogueProtocol } from '../protocol/catalogue-frames.ts'
import {
  storageAcceptProtocol,
  storageGetProtocol,
  storageInfoProtocol,
  storagePutProtocol,
} from '../protocol/frames.ts'
import { storageAuditProtocol, storageReputationProtocol } from '../protocol/audit-frames.ts'
import { createAuditBudget } from './audit-budget.ts'
import type { AuditLog } from './audit-log.ts'
import type { DiskKeeper } from './disks/keep-disks.ts'
import { createMissExplainer } from './explain-missed.ts'
import type { ExitRecords } from './exit/exit-records.ts'
import { createExit, type Exit } from './exit/run-exit.ts'
import { serveHandovers } from './exit/serve-handover.ts'
import { followChain } from './follow-chain.ts'
import { createOwnReputation, createServedSpeeds, readStanding, type Standing } from './own-reputation.ts'
import type { PeriodLog } from './period-log.ts'
import type { PieceStore } from './piece-store.ts'
import type { CatalogueStore } from './catalogue-store.ts'
import type { Prices } from './prices.ts'
import type { Problems } from '../../upkeep/problems.ts'
import { createProver } from './prover.ts'
import { publishTerms } from './publish-terms.ts'
import { reconcileSet } from './reconcile-sets.ts'
import { redeemVouchers } from './redeem-vouchers.ts'
import { createSleepMeter } from './sleep-meter.ts'
import { createRoleStatus } from './role-status.ts'
import { serveCatalogue } from './serve-catalogue.ts'
import { serveAccept } from './serve-accept.ts'
import { auditBytesPerSecond, serveAudit, serveReputation } from './serve-audit.ts'
import type { CustomerFacts, ServeContext } from './serve-context.ts'
import { serveGet } from './serve-get.ts'
import { serveInfo } from './serve-info.ts'
import { createPutHandler } from './serve-put.ts'
import { createThrottle } from '../../upkeep/throttle.ts'
import type { Timing } from './timing.ts'
import { repeat } from '../../upkeep/repeat.ts'
import { watchChain, type Head } from '../../upkeep/watch-chain.ts'

/** All parts of a provider, made and wired by `startStorageRole`. */
export type ProviderParts = {
  readonly context: RoleContext
  readonly chain: Chain
  readonly timing: Timing
  readonly prices: Prices
  readonly problems: Problems
  readonly diskKeeper: DiskKeeper
  readonly store: PieceStore
  readonly vouchers: NodeVoucherStore
  readonly catalogues: CatalogueStore
  readonly audits: AuditLog
  readonly periods: PeriodLog
  readonly customers: CustomerFacts
  readonly records: ExitRecords
  readonly node: NetworkNode
}

/** How often ended holdings go, vouchers are weighed, prices compared. */
const catalogueCheckMs = 3_600_000
/** A customer whose last set ended has this long to fetch its catalogue. */
const catalogueGraceSeconds = 30 * 24 * 3600
const expiryCheckMs = 10_000
const redeemCheckMs = 15_000
const termsRetryMs = 5_000
/** How often the node's age and stake are looked up for the reputation that is shown. */
const standingMs = 60_000
/** The chain is looked at this often per block, and never more than once a second: every look costs somebody's CPU. */
const blocksPerPoll = 1.5
const shortestPollMs = 1_000
const longestPollMs = 5_000

/** Lets a provider work until it is stopped. Resolves when it serves. */
export async function runProvider(parts: ProviderParts): Promise<RunningRole> {
  const { context, node } = parts
  const stopping = new AbortController()
  const { signal } = stopping
  setMaxListeners(0, signal)
  const live: Live = { head: null, standing: null, draining: false, conversations: 0, speeds: createServedSpeeds() }
  const clock = createClock(() => live.head)
  await parts.store.disks.check()
  const sleep = createSleepMeter()
  const prover = createProver({
    ...parts,
    misses: createMissExplainer({ ...parts, sleep }),
    node: context.start.node,
    reconcile: (customer) => reconcileSet({ ...parts, node: context.start.node }, customer, clock()),
    signal,
  })
  const serving = serve(parts, { nowSeconds: clock, draining: () => live.draining }, live)
  const undoPeers = context.onBootstrapPeers((peers) => void node.addBootstrapPeers(peers))
  const reputation = createOwnReputation({
    ...parts,
    ...parts.timing,
    ...parts.prices,
    speeds: live.speeds,
    standing: () => live.standing,
    nowSeconds: clock,
  })
  const exit = createExit({
    ...parts,
    upload: createThrottle(() => context.allowance().uploadBytesPerSecond),
    nowSeconds: clock,
    periodSeconds: parts.timing.provingPeriodSeconds,
  })
  const background = startBackground(parts, prover, exit, signal, clock, live)
  const stop = async (): Promise<void> => {
    live.draining = true
    stopping.abort()
    sleep.stop()
    undoPeers()
    serving()
    await node.stop()
    await Promise.all([background, prover.idle()])
    parts.chain.close()
  }
  return {
    status: createRoleStatus(parts, prover, exit, reputation),
    async drain({ deadlineMs }) {
      live.draining = true
      while (Date.now() < deadlineMs && live.conversations > 0) await new Promise((done) => setTimeout(done, 50))
      await Promise.race([prover.idle(), new Promise((done) => setTimeout(done, Math.max(0, deadlineMs - Date.now())))])
    },
    stop,
  }
}

/** What changes while a provider works. */
type Live = {
  head: Head | null
  standing: Standing | null
  draining: boolean
  conversations: number
  readonly speeds: ReturnType<typeof createServedSpeeds>
}

/** The chain's time when it is known, carried on by the computer's own clock between blocks. */
function createClock(head: () => Head | null): () => number {
  let anchor: { timestampSeconds: number; atMs: number } | null = null
  return () => {
    const seen = head()
    if (seen === null) return Math.floor(Date.now() / 1000)
    if (anchor?.timestampSeconds !== seen.timestampSeconds) {
      anchor = { timestampSeconds: seen.timestampSeconds, atMs: performance.now() }
    }
    return anchor.timestampSeconds + Math.floor((performance.now() - anchor.atMs) / 1000)
  }
}

function serve(parts: ProviderParts, state: Pick<ServeContext, 'nowSeconds' | 'draining'>, live: Live): () => void {
  const { context: role, chain, node } = parts
  const context: ServeContext = {
    ...state,
    role,
    network: chain.network,
    store: parts.store,
    vouchers: parts.vouchers,
    customers: parts.customers,
    upload: createThrottle(() => role.allowance().uploadBytesPerSecond),
    download: createThrottle(() => role.allowance().downloadBytesPerSecond),
    prices: () => parts.prices,
    noteServed: live.speeds.note,
  }
  const counted = (handler: (stream: Parameters<typeof serveGet>[1]) => Promise<void>) => {
    return async (stream: Parameters<typeof serveGet>[1]): Promise<void> => {
      live.conversations++
      try {
        await handler(stream)
      } finally {
        live.conversations--
      }
    }
  }
  const { audits, timing } = parts
  const audit = { budget: createAuditBudget(), log: audits, reading: createThrottle(() => auditBytesPerSecond), timing }
  const undos = [
    node.handle(storageAuditProtocol, (stream) => serveAudit(context, audit, stream), { maxInboundStreams: 8 }),
    node.handle(storageReputationProtocol, (stream) => serveReputation(context, audits, stream), {
      maxInboundStreams: 8,
    }),
    node.handle(storageInfoProtocol, (stream) => serveInfo(context, stream), { maxInboundStreams: 8 }),
    node.handle(storagePutProtocol, counted(createPutHandler(context)), { maxInboundStreams: 16 }),
    node.handle(
      storageAcceptProtocol,
      counted((stream) => serveAccept(context, stream)),
      { maxInboundStreams: 8 },
    ),
    serveHandovers(context, chain, node),
    node.handle(storageGetProtocol, (stream) => serveGet(context, stream), { maxInboundStreams: 16 }),
    node.handle(storageCatalogueProtocol, (stream) => serveCatalogue(context, parts.catalogues, stream), {
      maxInboundStreams: 4,
    }),
  ]
  return () => undos.forEach((undo) => undo())
}

async function startBackground(
  parts: ProviderParts,
  prover: ReturnType<typeof createProver>,
  exit: Exit,
  signal: AbortSignal,
  nowSeconds: () => number,
  live: Live,
): Promise<void> {
  const { context, chain, problems, store } = parts
  const node = context.start.node
  const onError = (what: string) => (error: unknown) => context.log.warn(`${what} failed.`, { error: String(error) })
  const follow = { ...parts, node, prover }
  let termsPublished = false
  await Promise.all([
    watchChain({
      chain,
      pollMs: Math.min(longestPollMs, Math.max(shortestPollMs, parts.timing.blockSeconds * blocksPerPoll * 1000)),
      context,
      problems,
      signal,
      async onHead(change) {
        live.head = change.head
        await followChain(follow, change)
      },
    }),
    repeat(
      termsRetryMs,
      signal,
      async () => {
        termsPublished ||= await publishTerms(chain, context, parts.prices, signal)
      },
      onError('Publishing prices'),
    ),
    parts.diskKeeper.run(signal),
    repeat(
      standingMs,
      signal,
      async () => {
        live.standing = await readStanding(chain, node, context.start.operator)
        context.changed()
      },
      onError('Reading the standing on chain'),
    ),
    repeat(expiryCheckMs, signal, () => removeExpired(store, nowSeconds()), onError('Removing ended pieces')),
    repeat(
      catalogueCheckMs,
      signal,
      () => Promise.resolve(parts.catalogues.expire(nowSeconds(), catalogueGraceSeconds)),
      onError('Removing old catalogues'),
    ),
    repeat(
      redeemCheckMs,
      signal,
      async () => void (await redeemVouchers({ ...parts, node, signal }, nowSeconds())),
      onError('Redeeming'),
    ),
    exit.run(signal),
  ])
}

async function removeExpired(store: PieceStore, nowSeconds: number): Promise<void> {
  for (const root of store.index.expire(nowSeconds)) await store.remove(root, 'no customer pays for it any more')
}
