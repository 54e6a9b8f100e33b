import type { FramedStream } from '../../network/index.ts'
import { putPieceSchema } from '../protocol/frames.ts'
import { answerRefusals } from './answer-refusals.ts'
import { RefusedError } from './errors.ts'
import { rootText, type RootText } from './piece-root.ts'
import { assertSameNetwork, assertTaking, payerOf, type ServeContext } from './serve-context.ts'
import type { Throttle } from '../../upkeep/throttle.ts'

const frameTimeoutMs = 10_000
/** Slowest upload that is waited for; a slower one is cut off and its bytes removed. */
const slowestBytesPerSecond = 16 * 1024
const leastUploadMs = 30_000
/** A stored piece waits this long for its acceptance; long enough to upload some GiB over a slow line first. */
export const pendingSeconds = 6 * 3600
/** Uploads at the same time; each holds one file open and at most a few MiB of memory. */
const maximumUploads = 16
/** Periods of escrow that the contract wants: who cannot pay them gets no disk to wait on. */
const escrowPeriods = 30n

/** Whose pieces come over a stream, and whether room for so many bytes is paid for. */
export type Owner = {
  readonly customer: string
  /** Throws RefusedError. */
  afford(lengthBytes: number): Promise<void>
}

/** Takes pieces of the customer that the connection proves, or of another `ownerOf`. One handler for all uploads, since it counts them. */
export function createPutHandler(
  context: ServeContext,
  ownerOf: (stream: FramedStream) => Promise<Owner> = async ({ remoteAddress: customer }) => ({
    customer,
    afford: (lengthBytes) => assertFunds(context, customer, lengthBytes),
  }),
): (stream: FramedStream) => Promise<void> {
  const running = new Set<RootText>()
  return async (stream) => {
    await answerRefusals(stream, async () => {
      const proven = await ownerOf(stream)
      const request = await stream.readFrame(putPieceSchema, { timeoutMs: frameTimeoutMs })
      assertSameNetwork(context.network, request)
      assertTaking(context)
      const root = rootText(request.root)
      const owner =
        request.customer === undefined ? proven : await namedOwner(context, stream.remoteAddress, request.customer)
      const { customer } = owner
      const keepUntilSeconds = context.nowSeconds() + pendingSeconds
      if (isHeld(context, root, customer)) {
        context.store.index.keepUntil(root, customer, keepUntilSeconds)
        await stream.writeFrame({ kind: 'goAhead', alreadyHeld: true })
      } else {
        const throttled = context.role.allowance().work === 'throttled'
        if (running.has(root) || running.size >= (throttled ? 1 : maximumUploads)) {
          throw new RefusedError('busy', 'This provider takes other pieces just now.')
        }
        running.add(root)
        try {
          await owner.afford(request.lengthBytes)
          await receivePiece(context, stream, { root, lengthBytes: request.lengthBytes, customer, keepUntilSeconds })
        } finally {
          running.delete(root)
        }
      }
      await stream.writeFrame({
        kind: 'stored',
        root: request.root,
        lengthBytes: request.lengthBytes,
        keptUntilSeconds: keepUntilSeconds,
      })
    })
  }
}

/** The customer who named the caller as a repairer; the budget pays. Throws RefusedError. */
async function namedOwner(context: ServeContext, caller: string, claimed: string): Promise<Owner> {
  const { customer, balanceWei } = await payerOf(context, caller, claimed)
  return { customer, afford: (lengthBytes) => assertFunds(context, customer, lengthBytes, 0, balanceWei) }
}

function isHeld(context: ServeContext, root: RootText, customer: string): boolean {
  return context.store.index.holds(root, customer) && context.store.index.piece(root)?.damaged === false
}

async function receivePiece(
  context: ServeContext,
  stream: FramedStream,
  piece: { root: RootText; lengthBytes: number; customer: string; keepUntilSeconds: number },
): Promise<void> {
  const reservation = context.store.reserve(piece.lengthBytes)
  try {
    await stream.writeFrame({ kind: 'goAhead', alreadyHeld: false })
    const timeoutMs = Math.max(leastUploadMs, (piece.lengthBytes / slowestBytesPerSecond) * 1000)
    const bytes = throttled(stream.readBytes(piece.lengthBytes, { timeoutMs }), context.download)
    await context.store.store(piece, bytes, reservation)
  } finally {
    reservation.release()
  }
}

/** Throws `noFunds` when the customer could not pay the escrow of all that it has waiting here beyond what is `paidBytes`. */
export async function assertFunds(
  context: ServeContext,
  customer: string,
  lengthBytes: number,
  paidBytes = 0,
  balanceWei: () => Promise<bigint> = () => context.customers.balanceWei(customer),
): Promise<void> {
  const waiting = BigInt(Math.max(0, context.store.index.pendingBytesOf(customer) + lengthBytes - paidBytes))
  const needed = (waiting * context.prices().pricePerGiBPeriodWei * escrowPeriods) >> 30n
  if ((await balanceWei()) < needed)
    throw new RefusedError('noFunds', 'This customer has too few tokens to store the piece.')
}

async function* throttled(bytes: AsyncIterable<Uint8Array>, throttle: Throttle): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    await throttle.pass(chunk.length)
    yield chunk
  }
}
