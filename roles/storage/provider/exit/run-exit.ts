import {
  encodeFinish,
  listDataSets,
  listPieces,
  readDataSet,
  readHeir,
  type DataSetView,
  type PieceEntry,
} from '../../../../contracts/client/index.ts'
import { CancelledError } from '../../../api/errors.ts'
import type { LeaveStatus, LeavingSet } from '../../../api/leaving.ts'
import type { NodeVoucherStore } from '../../../vouchers/index.ts'
import type { Offer } from '../../customer/find-providers.ts'
import { parseRoot } from '../piece-root.ts'
import type { Problems } from '../../../upkeep/problems.ts'
import { redeemVouchers } from '../redeem-vouchers.ts'
import { repeat } from '../../../upkeep/repeat.ts'
import type { ExitRecords } from './exit-records.ts'
import { askHeir, findHeir } from './find-heir.ts'
import { forfeitSet, handOverBatch, type HandOverParts } from './hand-over-set.ts'
import { createLeaveFile } from './leave-file.ts'
import { planBatch } from './plan-batch.ts'
import { describeExit } from './describe-exit.ts'

/** Leads a node out of its contracts: set by set to heirs, the last periods proven and paid, then nothing is held. */
export type Exit = {
  /** Works until `signal` fires, whenever the person wants to leave. Never rejects. */
  run(signal: AbortSignal): Promise<void>
  status(): LeaveStatus | null
}

export type ExitParts = Omit<HandOverParts, 'wanted' | 'onBytes' | 'signal'> & {
  readonly vouchers: NodeVoucherStore
  readonly problems: Problems
  readonly records: ExitRecords
  readonly periodSeconds: number
}

/** A set with what the contract says of its pieces. */
export type HeldSet = {
  readonly set: DataSetView
  readonly pieces: readonly PieceEntry[]
  readonly heir: string | null
}

const stepMs = 1_500
/** While nobody wants to leave, what it would mean is looked at this often. */
const outlookMs = 20_000
/** Failures after which a set is offered to another node, and how long the first is left alone. */
const mostFailures = 3
const passedOverMs = 15 * 60_000
/** Before the rest of a set with lost pieces is given up, heirs for it are looked for so many times. */
const triesToRescue = 5

/** The exit of a provider; what it has done so far is read from the chain and the records, never from memory. */
export function createExit(parts: ExitParts): Exit {
  const { context, records } = parts
  const states = new Map<string, LeavingSet['state']>()
  const tries = new Map<string, number>()
  const meter = { bytes: 0, ms: 0 }
  let status: LeaveStatus | null = null
  let lookedAtMs = -Infinity
  const file = createLeaveFile(context)
  const wanted = (): boolean => (context.allowance().leaving ?? null) !== null

  const show = async (held: readonly HeldSet[], done: boolean): Promise<void> => {
    const bytesPerSecond = meter.ms === 0 ? null : Math.round((meter.bytes * 1000) / meter.ms)
    const next = describeExit(held, states, {
      state: !wanted() ? 'notAsked' : done ? 'done' : 'leaving',
      unredeemedWei: parts.vouchers.unredeemedWei(),
      periodSeconds: parts.periodSeconds,
      bytesPerSecond,
      nowMs: Date.now(),
    })
    await file.write(next)
    status = next
    context.changed()
  }
  const leave = async (signal: AbortSignal): Promise<void> => {
    const onBytes = (bytes: number): void => void (meter.bytes += bytes)
    const work: ExitParts & HandOverParts = { ...parts, wanted, onBytes, signal }
    for (const { set } of await readHeld(parts, signal)) {
      await moveOn(work, set, states, meter, async () => show(await readHeld(parts, signal), false))
      if (!wanted()) return
    }
    const left = await readHeld(parts, signal)
    const done = left.length === 0 && (await redeemRest(work))
    if (done && status?.state !== 'done') context.emit({ kind: 'leftStorage' })
    await show(left, done)
  }
  const step = async (signal: AbortSignal): Promise<void> => {
    // What a life before this one has told is not told again.
    status ??= await file.read()
    if (wanted()) {
      if (status?.state === 'done' && performance.now() - lookedAtMs < outlookMs) return
      lookedAtMs = performance.now()
      return leave(signal)
    }
    await giveUpLost(parts, tries, signal)
    if (status?.state === 'notAsked' && performance.now() - lookedAtMs < outlookMs) return
    lookedAtMs = performance.now()
    if (status !== null && status.state !== 'notAsked') records.clear()
    states.clear()
    await show(await readHeld(parts, signal), false)
  }
  return {
    status: () => status,
    run: (signal) =>
      repeat(
        stepMs,
        signal,
        () => step(signal),
        (error) => context.log.warn('A step of leaving failed; it is tried again.', { error: String(error) }),
      ),
  }
}

async function readHeld({ chain, context }: ExitParts, signal: AbortSignal): Promise<HeldSet[]> {
  const { node } = context.start
  const sets = (await listDataSets(chain, { node }, { signal })).filter((set) => !set.ended)
  const held: HeldSet[] = []
  for (const set of sets) {
    const [pieces, heir] = await Promise.all([
      listPieces(chain, set.customer, node),
      readHeir(chain, set.customer, node, { signal }),
    ])
    held.push({ set, pieces, heir })
  }
  return held
}

/** Brings one set as far as it goes now. Only a lost chain rejects. */
async function moveOn(
  work: ExitParts & HandOverParts,
  set: DataSetView,
  states: Map<string, LeavingSet['state']>,
  meter: { ms: number },
  onBatch: () => Promise<void>,
): Promise<void> {
  if (set.state === 'dropping') {
    states.set(set.customer, 'lastPeriod')
    return finish(work, set)
  }
  const pieces = await listPieces(work.chain, set.customer, set.node)
  // Pieces of which only the entry on chain is left can be given to nobody.
  const offer = hasOnlyLosses(work, pieces) ? null : await heirOf(work, set, pieces)
  states.set(set.customer, offer === null ? 'noHeir' : 'handingOver')
  await onBatch()
  if (offer === null) {
    const consented = work.context.allowance().leaving?.forfeit === true || hasOnlyLost(work, pieces)
    if (consented) await forfeitSet(work, set)
    return
  }
  const begunMs = performance.now()
  try {
    await handOverAll(work, set, offer, onBatch)
  } catch (error) {
    if (work.signal.aborted || error instanceof CancelledError) return
    work.context.log.warn('A handover failed.', { customer: set.customer, heir: offer.node, error: String(error) })
    const failures = work.records.noteFailure(set.customer)
    if (failures >= mostFailures) work.records.passOver(set.customer, Date.now() + passedOverMs)
  } finally {
    meter.ms += performance.now() - begunMs
  }
}

/** What is left went with disks of which the person said that they never come back. */
function hasOnlyLost({ store }: ExitParts, pieces: readonly PieceEntry[]): boolean {
  const left = pieces.filter((piece) => !piece.removed)
  return left.length > 0 && left.every(({ root }) => store.index.isLost(parseRoot(root)))
}

function hasOnlyLosses({ store }: ExitParts, pieces: readonly PieceEntry[]): boolean {
  const left = pieces.filter((piece) => !piece.removed)
  const isGone = ({ root }: PieceEntry): boolean => store.index.piece(parseRoot(root))?.damaged ?? true
  return left.length > 0 && left.every(isGone)
}

/**
 * A disk that never comes back took pieces of these sets with it: what is left of each goes to an heir as far as one period
 * allows, and then the set is given up, for one fault. Keeping it would fail at random, period after period, for stake.
 */
async function giveUpLost(parts: ExitParts, tries: Map<string, number>, signal: AbortSignal): Promise<void> {
  const { chain, context, store } = parts
  for (const customer of store.index.customersWithLosses()) {
    const set = await readDataSet(chain, customer, context.start.node, { signal })
    if (set?.state !== 'active') continue
    const work = { ...parts, wanted: () => !signal.aborted, onBytes: () => undefined, signal }
    await moveOn(work, set, new Map(), { ms: 0 }, () => Promise.resolve())
    const tried = (tries.get(customer) ?? 0) + 1
    tries.set(customer, tried)
    const after = await readDataSet(chain, customer, set.node, { signal })
    if (after?.state !== 'active') continue
    const rest = planBatch(await listPieces(chain, after.customer, after.node), isReadableIn(store))
    // Nobody may have answered just now; a few tries are soon over, and what can still be read is worth them.
    if (rest.length === 0 || tried >= triesToRescue) await forfeitSet(work, after)
  }
}

function isReadableIn(store: ExitParts['store']): (root: string) => boolean {
  return (root) => store.whyUnreadable(parseRoot(root)) === null
}

/** The node that takes the set: by contract once pieces went there, else the one chosen before, else a new choice. */
async function heirOf(
  work: ExitParts & HandOverParts,
  set: DataSetView,
  pieces: readonly PieceEntry[],
): Promise<Offer | null> {
  const { chain, records, signal } = work
  const named = await readHeir(chain, set.customer, set.node, { signal })
  if (named !== null) return askHeir(work, set, named)
  const chosen = records.heirOf(set.customer)
  const again = chosen === null ? null : await askHeir(work, set, chosen)
  if (again !== null) return again
  if (chosen !== null) records.passOver(set.customer, Date.now() + passedOverMs)
  const bytes = pieces.reduce((sum, piece) => sum + (piece.removed ? 0 : piece.lengthBytes), 0)
  const passedOver = records.passedOver(set.customer, Date.now())
  const offer = await findHeir(work, set, { bytes, passedOver })
  if (offer !== null) records.choose(set.customer, offer.node)
  return offer
}

async function handOverAll(
  work: ExitParts & HandOverParts,
  set: DataSetView,
  offer: Offer,
  onBatch: () => Promise<void>,
): Promise<void> {
  const isReadable = isReadableIn(work.store)
  while (work.wanted()) {
    const batch = planBatch(await listPieces(work.chain, set.customer, set.node), isReadable)
    if (batch.length === 0) return
    await handOverBatch(work, set, offer, batch)
    await onBatch()
  }
}

/** Gives the rest of the escrow back to the customer once the last period is over; before that the contract refuses. */
async function finish(
  { chain, context, signal, nowSeconds, periodSeconds }: ExitParts & HandOverParts,
  set: DataSetView,
) {
  // Frozen leaves are those of the running period: while there are any, it is still to be proven.
  if (set.frozenLeafCount > 0) return
  const call = encodeFinish(chain.network, { customer: set.customer, node: set.node })
  try {
    await context.submit({ purpose: 'storageExit', ...call }, { signal })
  } catch (error) {
    const period = Math.floor(nowSeconds() / periodSeconds)
    context.log.debug('A set is not over yet.', { customer: set.customer, period, error: String(error) })
  }
}

/** Redeems what is worth its fee; true once nothing worth it is left. */
async function redeemRest({
  chain,
  context,
  vouchers,
  problems,
  nowSeconds,
  signal,
}: ExitParts & HandOverParts): Promise<boolean> {
  const parts = { chain, node: context.start.node, vouchers, problems, context, signal }
  return (await redeemVouchers(parts, nowSeconds(), { leaving: true })) === 0
}
