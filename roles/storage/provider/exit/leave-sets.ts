import { getBytes } from 'ethers'
import {
  encodeFinish,
  encodeForfeit,
  encodeHandOver,
  listDataSets,
  listNodes,
  listPieces,
  readHeir,
  readNode,
  readSetPrice,
  type Chain,
  type ChainCall,
  type DataSetView,
} from '../../../../contracts/client/index.ts'
import type { LeavingStatus } from '../../../api/leaving.ts'
import type { RoleContext } from '../../../api/worker.ts'
import { peerIdOfPublicKey, prefixOfMultiaddr, type NetworkNode } from '../../../network/index.ts'
import { surveyProviders, type Offer } from '../../customer/find-providers.ts'
import { mostPiecesPerHandover } from '../../protocol/handover-frames.ts'
import { parseRoot } from '../piece-root.ts'
import type { PieceStore } from '../piece-store.ts'
import type { Throttle } from '../throttle.ts'
import { offerHandover } from './offer-handover.ts'
import { chooseHeirs, nextBatch } from './plan-leave.ts'

export type LeaveParts = {
  readonly context: RoleContext
  readonly chain: Chain
  readonly node: NetworkNode
  readonly store: PieceStore
  readonly upload: Throttle
  readonly nowSeconds: () => number
  readonly signal: AbortSignal
}

/** Leaves all sets, a step at a time. What is done is on the chain, so a new process goes on where the last one ended. */
export type Leaver = {
  /** Works until the allowance no longer asks for it, nothing is left, or nobody takes what is left. */
  step(): Promise<void>
  /** Null while nobody asked to leave. */
  status(): LeavingStatus | null
}

/** A consent of the leaver is worthless after this. */
const departureSeconds = 900

/** A leaver; see `Leaver`. */
export function createLeaver(parts: LeaveParts): Leaver {
  let status: LeavingStatus | null = null
  const show = (next: LeavingStatus | null): void => {
    status = next
    parts.context.changed()
  }
  return {
    status: () => status,
    async step() {
      if (wish(parts) === null) {
        if (status !== null) show(null)
        return
      }
      const sets = await openSets(parts)
      let sentBytes = 0
      const stuck = new Map<string, string>()
      const tell = (): void => show(statusOf(parts, sets, stuck, sentBytes))
      tell()
      for (const set of sets) {
        // A cancelled exit stops between two sets; the one that is being sent is finished first.
        if (wish(parts) === null) break
        const reason = await leaveSet(parts, set, (bytes) => (sentBytes += bytes))
        if (reason !== null) stuck.set(set.setId, reason)
        tell()
      }
      const left = await openSets(parts)
      if (wish(parts) !== null) show(statusOf(parts, left, stuck, sentBytes))
    },
  }
}

function wish({ context, signal }: LeaveParts): { readonly forfeitAgreed: boolean } | null {
  return signal.aborted ? null : (context.allowance().leaving ?? null)
}

async function openSets({ chain, context }: LeaveParts): Promise<readonly DataSetView[]> {
  const sets = await listDataSets(chain, { node: context.start.node })
  return sets.filter((set) => set.state === 'active' || set.state === 'dropping')
}

function statusOf(
  { store }: LeaveParts,
  sets: readonly DataSetView[],
  stuck: ReadonlyMap<string, string>,
  sentBytes: number,
): LeavingStatus {
  const active = sets.filter((set) => set.state === 'active')
  const pieces = active.flatMap((set) => store.index.setPieces(set.customer).filter((piece) => !piece.removed))
  return {
    setsLeft: active.length,
    setsEnding: sets.length - active.length,
    bytesLeft: pieces.reduce((sum, piece) => sum + piece.lengthBytes, 0),
    sentBytes,
    stuckSets: stuck.size,
    stuckReason: [...stuck.values()][0] ?? null,
    forfeitWei: active.reduce((sum, set) => sum + set.pricePerPeriodWei, 0n).toString(),
    done: sets.length === 0,
  }
}

/** Null when the set was left or goes on to end by itself, else why nobody takes it. */
async function leaveSet(parts: LeaveParts, set: DataSetView, onSent: (bytes: number) => void): Promise<string | null> {
  if (set.state === 'dropping') {
    await submit(parts, encodeFinish(parts.chain.network, set)).catch(() => undefined)
    return null
  }
  let reason: string | null
  try {
    reason = await handOverSet(parts, set, onSent)
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error)
  }
  if (reason === null || wish(parts)?.forfeitAgreed !== true) return reason
  const departure = await signDeparture(parts, set, null)
  await submit(parts, encodeForfeit(parts.chain.network, departure))
  parts.context.emit({ kind: 'setForfeited', customer: set.customer })
  return null
}

async function handOverSet(
  parts: LeaveParts,
  set: DataSetView,
  onSent: (bytes: number) => void,
): Promise<string | null> {
  const { chain, context } = parts
  let reason = 'No home of another person has room for it at that price.'
  for (const heir of await findHeirs(parts, set)) {
    try {
      for (;;) {
        const batch = nextBatch(await listPieces(chain, set.customer, context.start.node), mostPiecesPerHandover)
        if (batch === null) {
          context.emit({ kind: 'setHandedOver', customer: set.customer, heir: heir.node })
          return null
        }
        await handOverBatch(parts, set, heir, batch, onSent)
      }
    } catch (error) {
      if (parts.signal.aborted) throw error
      reason = error instanceof Error ? error.message : String(error)
      context.log.info('A home did not take over a data set.', { heir: heir.node, reason })
      // Once a batch has gone to an heir, the chain lets nobody else take the rest.
      if ((await readHeir(chain, set.customer, context.start.node)) !== null) return reason
    }
  }
  return reason
}

async function handOverBatch(
  parts: LeaveParts,
  set: DataSetView,
  heir: { readonly node: string; readonly peerId: string },
  batch: { readonly first: number; readonly pieces: readonly { root: string; lengthBytes: number }[] },
  onSent: (bytes: number) => void,
): Promise<void> {
  const { chain, node, store, upload, signal } = parts
  const { network } = chain
  const pieces = batch.pieces.map((piece) => ({ root: parseRoot(piece.root), lengthBytes: piece.lengthBytes }))
  const taken = await offerHandover(node, {
    peerId: heir.peerId,
    chainId: network.chainId,
    market: network.contracts.StorageMarket,
    customer: set.customer,
    pieces,
    store,
    upload,
    signal,
    onSent,
  })
  const departure = await signDeparture(parts, set, heir.node)
  await submit(parts, encodeHandOver(network, { departure, first: batch.first, pieces, acceptance: taken }))
}

async function signDeparture(parts: LeaveParts, set: DataSetView, heir: string | null) {
  const expirySeconds = parts.nowSeconds() + departureSeconds
  const { customer, node, sequence } = set
  const signature = await parts.context.sign({ kind: 'departure', customer, heir, sequence, expirySeconds })
  return { customer, node, heir, expirySeconds, signature }
}

/** The heir that the chain has named, else every home that might be one, shuffled and then by room. */
async function findHeirs(
  parts: LeaveParts,
  set: DataSetView,
): Promise<readonly { readonly node: string; readonly peerId: string }[]> {
  const { chain, context, node, signal } = parts
  const named = await readHeir(chain, set.customer, context.start.node)
  if (named !== null) {
    const entry = await readNode(chain, named)
    return entry === null ? [] : [{ node: named, peerId: peerIdOfPublicKey(getBytes(entry.publicKey)) }]
  }
  const nodes = (await listNodes(chain, { role: 'storage', signal })).filter((one) => !one.revoked)
  const registered = nodes.map(({ publicKey, ...one }) => ({ ...one, peerId: peerIdOfPublicKey(getBytes(publicKey)) }))
  const { network } = chain
  const fields = { chainId: network.chainId, market: network.contracts.StorageMarket }
  const prefixOf = (address: string): string => prefixOfMultiaddr(address, { practice: network.practice })
  const survey = await surveyProviders(
    node,
    registered.filter((one) => one.node !== context.start.node),
    {
      network: fields,
      prefixOf,
      enough: 1,
      signal,
    },
  )
  const others = await listDataSets(chain, { customer: set.customer })
  const pieces = await listPieces(chain, set.customer, context.start.node)
  return chooseHeirs(shuffled(survey.offers), {
    leaver: context.start.node,
    leaverOperator: context.start.operator,
    holders: new Set(others.flatMap((one) => [one.node.toLowerCase(), one.operator.toLowerCase()])),
    neededBytes: pieces.reduce((sum, piece) => sum + (piece.removed ? 0 : piece.lengthBytes), 0),
    pricePerGiBPeriodWei: await readSetPrice(chain, set.customer, context.start.node),
  })
}

function shuffled(offers: readonly Offer[]): readonly Offer[] {
  return offers
    .map((offer) => ({ offer, rank: Math.random() }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ offer }) => offer)
}

async function submit({ context, signal }: LeaveParts, call: ChainCall): Promise<void> {
  await context.submit({ purpose: 'storageLeave', to: call.to, data: call.data }, { signal })
}
