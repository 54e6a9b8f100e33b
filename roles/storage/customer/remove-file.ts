import { setTimeout as wait } from 'node:timers/promises'
import { readLatestBlock } from '../../../contracts/client/index.ts'
import { CancelledError } from '../../api/errors.ts'
import type { CustomerContext } from './context.ts'
import { openCurrent } from './open-current.ts'
import { finishDropped, takeOut, type TakenOut } from './take-out.ts'

export type RemoveSummary = {
  readonly sets: readonly TakenOut[]
  /** Escrow of ended sets that came back during this call. */
  readonly returnedWei: bigint
  /** Escrow that comes back with a later call, from `returnsAtSeconds` (since 1970) on. */
  readonly outstandingWei: bigint
  readonly returnsAtSeconds: number
  /** Pieces for which this must be called again. */
  readonly piecesWaiting: number
}

const lookEveryMs = 1_000

/**
 * Takes all pieces of a file out of the customer's sets from the next period on (PROTOCOL 5.6). Sets without other pieces end and
 * give their escrow back once the running period, which is still owed, is over; with `wait` this call stays until then.
 * Calling it again does what is left. Throws ManifestError, CancelledError and errors of the chain.
 */
export async function removeFile(
  context: CustomerContext,
  options: { readonly manifest: Uint8Array; readonly wait?: boolean; readonly signal?: AbortSignal },
): Promise<RemoveSummary> {
  const { manifest, market } = await openCurrent(context, options.manifest, options)
  const sets = await takeOut(
    context,
    market,
    manifest.segments.flatMap(({ pieces }) => pieces),
  )
  const returnsAtSeconds = ((await market.currentPeriod()) + 1) * market.periodSeconds
  while (options.wait === true && (await readLatestBlock(context.chain)).timestampSeconds < returnsAtSeconds) {
    await wait(lookEveryMs, undefined, { signal: options.signal }).catch(() => {
      throw new CancelledError('Waiting for the period to end')
    })
  }
  const finished = await finishDropped(context, market)
  const dropping = (await market.listSets()).filter(({ state }) => state === 'dropping')
  return {
    sets,
    returnedWei: finished.reduce((sum, { amountWei }) => sum + amountWei, 0n),
    outstandingWei: dropping.reduce((sum, { escrowWei }) => sum + escrowWei, 0n),
    returnsAtSeconds,
    piecesWaiting: sets.reduce((sum, { waiting }) => sum + waiting, 0),
  }
}
