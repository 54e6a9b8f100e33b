import { hexlify } from 'ethers'
import { listPieces, readTiming, type Chain } from '../../../contracts/client/index.ts'
import type { AuditRecord } from '../protocol/audit-record.ts'
import { openManifest } from '../protocol/manifest-envelope.ts'
import { auditNode, drawLeaves } from './audit-node.ts'
import { customerSecret, type CustomerContext } from './context.ts'
import { createMarket } from './create-market.ts'
import { checkDeployment } from './check-deployment.ts'
import { hearReputation } from './hear-reputation.ts'
import type { SetFacts } from './market.ts'
import { nodeCipher } from './node-crypto.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'
import { openProviderBook, type ProviderBook } from './provider-book.ts'

/** Leaves in one audit: 32 KiB of reading each at the provider. */
export const leavesPerAudit = 8
/** Audits of a set in one proving period, when nobody asks for one by hand. */
const auditsPerPeriod = 2
/** Providers that must all be silent before the silence is thought to be this computer's own. */
const leastForOwnSilence = 3
/** Providers asked at the same time. */
const parallelAudits = 8

export type AuditOptions = {
  /** Only pieces with these roots; all of this customer's without it. */
  readonly roots?: ReadonlySet<string>
  /** Leaves out providers that were audited lately. */
  readonly dueOnly?: boolean
  readonly signal?: AbortSignal
}

export type AuditSummary = {
  readonly audits: readonly AuditRecord[]
  /** Nodes that refused in good order; that says nothing about them. */
  readonly refused: readonly string[]
}

/**
 * Asks the providers of this customer's sets for random leaves of its pieces and keeps what came of it. Costs nothing, pays
 * nothing, slashes nothing: it only decides whom this customer prefers. Throws CancelledError and errors of the chain.
 */
export async function auditProviders(context: CustomerContext, options: AuditOptions = {}): Promise<AuditSummary> {
  const market = await createMarket(context)
  const book = openProviderBook(context.dataDirectory)
  try {
    const timing = await readTiming(context.chain)
    const everySeconds = timing.provingPeriodSeconds / auditsPerPeriod
    const sets = (await market.listSets()).filter((set) => isAuditable(set, book, options, everySeconds))
    if (sets.length === 0) return { audits: [], refused: [] }
    const [providers, period] = await Promise.all([market.listProviders({ revokedToo: true }), market.currentPeriod()])
    const peerIds = new Map(providers.map(({ node, peerId }) => [node.toLowerCase(), peerId]))
    const refused: string[] = []
    const audits = await mapParallel(sets, parallelAudits, async ({ node }) => {
      const listed = await listPieces(context.chain, context.wallet.address, node)
      const pieces = listed.filter(({ root }) => options.roots?.has(root) !== false)
      const leaves = drawLeaves(pieces, leavesPerAudit, Math.random)
      const peerId = peerIds.get(node.toLowerCase())
      if (leaves.length === 0 || peerId === undefined) return null
      const nowSeconds = Math.floor(Date.now() / 1000)
      const { network } = market
      const { signal } = options
      const record = await auditNode(context, { peerId, node, network, leaves, period, nowSeconds, signal })
      if (record === null) refused.push(node)
      return record
    })
    const made = audits.filter((audit) => audit !== null)
    if (!isOwnSilence(made)) made.forEach((audit) => book.keepAudit(audit))
    return { audits: made, refused }
  } finally {
    book.close()
  }
}

/**
 * Asks the providers of this customer's sets, or those given, what others signed about them and keeps what holds. Who does not
 * answer keeps what was heard before. Throws CancelledError and errors of the chain.
 */
export async function hearReputations(
  context: CustomerContext,
  options: { readonly nodes?: readonly string[]; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const market = await createMarket(context)
  const wanted = options.nodes ?? (await market.listSets()).map(({ node }) => node)
  const nodes = new Set(wanted.map((node) => node.toLowerCase()))
  const providers = (await market.listProviders()).filter(({ node }) => nodes.has(node.toLowerCase()))
  const book = openProviderBook(context.dataDirectory)
  try {
    await mapParallel(providers, parallelAudits, async (provider) => {
      try {
        book.keepHeard(provider.node, await hearReputation(context, provider, market.network, options))
      } catch (error) {
        if (options.signal?.aborted === true) throw error
        context.log.debug('A provider did not say what others found.', { node: provider.node, error: String(error) })
      }
    })
  } finally {
    book.close()
  }
}

/** Audits all who hold a piece of one file. Throws ManifestError and as `auditProviders`. */
export async function auditFileProviders(
  context: CustomerContext,
  manifestFile: Uint8Array,
  options: { readonly signal?: AbortSignal } = {},
): Promise<AuditSummary> {
  const manifest = openManifest(nodeCipher, customerSecret(context.wallet), manifestFile)
  checkDeployment(manifest, await createMarket(context))
  const pieces = manifest.segments.flatMap((segment) => segment.pieces)
  return auditProviders(context, { ...options, roots: new Set(pieces.map(({ root }) => hexlify(root))) })
}

/** True when an audit of one of these sets is due; contacts nobody, so that a peer is started only for work. */
export async function auditsAreDue(
  chain: Chain,
  dataDirectory: string,
  sets: readonly { readonly node: string }[],
): Promise<boolean> {
  if (sets.length === 0) return false
  const { provingPeriodSeconds } = await readTiming(chain)
  const book = openProviderBook(dataDirectory)
  try {
    return sets.some(({ node }) => isDue(node, book, provingPeriodSeconds / auditsPerPeriod))
  } finally {
    book.close()
  }
}

/** When nobody at all answers, it is more likely this computer that has no connection; that is held against nobody. */
function isOwnSilence(audits: readonly AuditRecord[]): boolean {
  return audits.length >= leastForOwnSilence && audits.every(({ silent, asked }) => silent === asked)
}

function isAuditable(set: SetFacts, book: ProviderBook, options: AuditOptions, everySeconds: number): boolean {
  if (set.state !== 'active') return false
  return options.dueOnly !== true || isDue(set.node, book, everySeconds)
}

function isDue(node: string, book: ProviderBook, everySeconds: number): boolean {
  const last = book.lastAuditAtSeconds(node)
  return last === null || Date.now() / 1000 - last >= everySeconds
}
