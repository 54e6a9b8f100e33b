import { getBytes, hexlify } from 'ethers'
import type { z } from 'zod'
import { NetworkError, type FramedStream } from '../../network/index.ts'
import {
  creditBytes,
  priceOfRangeRoundedUp,
  VoucherError,
  type Booking,
  type SignedVoucher,
} from '../../vouchers/index.ts'
import { getRangeSchema, type WireVoucher } from '../protocol/frames.ts'
import { RefusedError } from './errors.ts'
import { rootText, type RootText } from './piece-root.ts'
import { assertSameNetwork, assertServing, type ServeContext } from './serve-context.ts'

/** Between two requests on one stream. */
const idleTimeoutMs = 60_000
/** Slowest reader that is waited for. */
const slowestBytesPerSecond = 16 * 1024
const leastTransferMs = 30_000

type GetRange = z.output<typeof getRangeSchema>

/** Serves ranges one after the other, each paid before it is sent, until the customer closes the stream. */
export async function serveGet(context: ServeContext, stream: FramedStream): Promise<void> {
  while (true) {
    const request = await nextRequest(stream)
    if (request === null) return
    try {
      assertSameNetwork(context.network, request)
      assertServing(context)
      await serveRange(context, stream, request)
    } catch (error) {
      const refusal = error instanceof VoucherError ? new RefusedError('badRequest', error.message) : error
      if (!(refusal instanceof RefusedError)) throw error
      await stream.writeFrame(refusal.frame())
    }
  }
}

/** The next request, or null when the customer is done. */
async function nextRequest(stream: FramedStream): Promise<GetRange | null> {
  try {
    return await stream.readFrame(getRangeSchema, { timeoutMs: idleTimeoutMs })
  } catch (error) {
    if (error instanceof NetworkError && error.code === 'STREAM_CLOSED') return null
    throw error
  }
}

async function serveRange(context: ServeContext, stream: FramedStream, request: GetRange): Promise<void> {
  const root = rootText(request.root)
  const { offsetBytes, lengthBytes } = request
  const chunks = context.store.read(root, offsetBytes, lengthBytes)
  try {
    // The first chunk is read before money moves: a piece that is gone or damaged must cost nothing.
    const first = await chunks.next()
    const pricePerMiBWei = context.prices().retrievalPricePerMiBWei
    const priceWei = priceOfRangeRoundedUp(lengthBytes, pricePerMiBWei)
    const booked = await chargeOrAsk(context, stream, request, root, priceWei)
    if (booked === null) return
    const sent = { bytes: 0 }
    const startedMs = performance.now()
    try {
      await stream.writeFrame({ kind: 'range', lengthBytes, priceWei })
      const timeoutMs = Math.max(leastTransferMs, (lengthBytes / slowestBytesPerSecond) * 1000)
      await stream.writeBytes(endOnRefusal(paced(context, first, chunks, sent)), { timeoutMs })
    } catch (error) {
      // Whoever hangs up early, or meets a bad block, pays for what was sent.
      const bytes = lengthBytes - sent.bytes
      const wei = priceWei - priceOfRangeRoundedUp(sent.bytes, pricePerMiBWei)
      context.vouchers.refund({ ...booked, wei, bytes })
      throw error
    }
    context.noteServed(lengthBytes, performance.now() - startedMs)
    context.role.emit({ kind: 'pieceServed', root, lengthBytes, customer: stream.remoteAddress })
  } finally {
    await chunks.return(undefined)
  }
}

/** The chunks at the pace that the governor allows; `sent` counts what was handed to the network. */
async function* paced(
  context: ServeContext,
  first: IteratorResult<Uint8Array, void>,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
  sent: { bytes: number },
): AsyncGenerator<Uint8Array> {
  for (let next = first; next.done !== true; next = await rest.next()) {
    await context.upload.pass(next.value.length)
    sent.bytes += next.value.length
    yield next.value
  }
}

/** Inside a transfer a refusal cannot be said any more: the stream ends, and nothing unchecked was sent. */
async function* endOnRefusal(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    throw error instanceof RefusedError ? new NetworkError('STREAM_CLOSED', error.message, { cause: error }) : error
  }
}

/** Books the work and tells where, or answers what is due and returns null. */
async function chargeOrAsk(
  context: ServeContext,
  stream: FramedStream,
  request: GetRange,
  root: RootText,
  priceWei: bigint,
): Promise<Pick<Booking, 'customer' | 'lane'> | null> {
  const customer = stream.remoteAddress
  const voucher = request.voucher === null ? null : signedVoucher(request.voucher, customer, context.role.start.node)
  const charge = async (fresh: boolean) => {
    const lockedWei = await context.customers.lockedWei(customer, { fresh })
    return {
      lockedWei,
      decision: context.vouchers.charge({
        customer,
        lengthBytes: request.lengthBytes,
        priceWei,
        lockedWei,
        voucher,
        nowSeconds: context.nowSeconds(),
        // Trust is for customers; a stranger to whom nothing here belongs pays first.
        creditBytes: context.store.index.holds(root, customer) ? creditBytes : 0,
      }),
    }
  }
  const before = voucher === null ? null : context.vouchers.last(customer, voucher.lane)
  let { decision, lockedWei } = await charge(false)
  if (decision.kind === 'due' && voucher !== null) ({ decision, lockedWei } = await charge(true))
  if (decision.kind !== 'due') {
    if (voucher !== null && voucher.cumulativeWei > (before?.cumulativeWei ?? 0n)) {
      const cumulativeWei = voucher.cumulativeWei.toString()
      context.role.emit({ kind: 'voucherReceived', customer, cumulativeWei })
    }
    return { customer, lane: decision.kind === 'paid' && voucher !== null ? voucher.lane : null }
  }
  const last = voucher === null ? context.vouchers.largestOpen(customer) : context.vouchers.last(customer, voucher.lane)
  await stream.writeFrame({
    kind: 'paymentDue',
    dueCumulativeWei: decision.dueCumulativeWei,
    lockedWei,
    lastVoucher: last === null ? null : wireVoucher(last),
  })
  return null
}

/** The voucher of the wire with what the connection proves about its ends. */
export function signedVoucher(wire: WireVoucher, customer: string, node: string): SignedVoucher {
  const { cumulativeWei, expirySeconds, signature } = wire
  return { customer, node, lane: hexlify(wire.lane), cumulativeWei, expirySeconds, signature }
}

function wireVoucher(voucher: SignedVoucher): WireVoucher {
  const { cumulativeWei, expirySeconds, signature } = voucher
  return { lane: getBytes(voucher.lane), cumulativeWei, expirySeconds, signature: Uint8Array.from(signature) }
}
