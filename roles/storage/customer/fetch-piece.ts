import type { FramedStream, NetworkNode } from '../../network/index.ts'
import { rangeSchema, storageGetProtocol } from '../protocol/frames.ts'
import { ProviderFaultError, RefusedError } from './errors.ts'
import { PaymentError, type Payer } from './payer.ts'
import { guardedTimeoutMs, type Patience } from './patience.ts'
import { createStallGuard } from './stall-guard.ts'
import type { NetworkFields } from './upload-piece.ts'

export type FetchOptions = {
  readonly peerId: string
  /** The provider's account, which vouchers name. */
  readonly node: string
  readonly network: NetworkFields
  readonly root: Uint8Array
  /** As agreed when the piece was accepted. */
  readonly retrievalPricePerMiBWei: bigint
  /** Receives the piece, or as much of it as fits from `offsetBytes` on. Written to until the call settles. */
  readonly target: Uint8Array
  readonly offsetBytes?: number
  readonly payer: Payer
  readonly patience: Patience
  readonly onProgress?: (bytes: number) => void
  readonly signal?: AbortSignal
}

/**
 * A piece is asked and paid for in ranges of this size: who is cut off in between has lost at most one range's price.
 */
const rangeBytes = 4 * 1024 * 1024

/** Times that a node may ask for payment before it delivers one range. */
const maximumDemands = 3

/** Fetches one masked piece, or a part of it, and pays for it. Its bytes are not yet checked. Throws RefusedError, PaymentError and errors of the network. */
export async function fetchPiece(network: NetworkNode, options: FetchOptions): Promise<void> {
  const { target, patience, offsetBytes = 0 } = options
  const guard = createStallGuard('Fetching a piece', patience.dialMs + patience.stallMs, options.signal)
  const stream = await network
    .open(options.peerId, storageGetProtocol, { signal: guard.signal, timeoutMs: patience.dialMs })
    .catch((error: unknown) => {
      guard.release()
      throw guard.stalled() ?? error
    })
  const wait = { signal: guard.signal, timeoutMs: guardedTimeoutMs }
  const onChunk = (bytes: number): void => {
    guard.progress()
    options.onProgress?.(bytes)
  }
  try {
    for (let from = 0; from < target.length; from += rangeBytes) {
      const range = { from, lengthBytes: Math.min(rangeBytes, target.length - from) }
      await options.payer.inTurn(options.node, () => {
        guard.progress()
        return requestRange(stream, options, { ...range, from: offsetBytes + from }, wait)
      })
      let offset = from
      for await (const chunk of stream.readBytes(range.lengthBytes, wait)) {
        target.set(chunk, offset)
        offset += chunk.length
        onChunk(chunk.length)
      }
    }
    await stream.close()
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    throw guard.stalled() ?? error
  } finally {
    guard.release()
  }
}

/** Asks, pays what is due, and returns when the bytes are about to come. */
async function requestRange(
  stream: FramedStream,
  options: FetchOptions,
  range: { from: number; lengthBytes: number },
  wait: { signal: AbortSignal; timeoutMs: number },
): Promise<void> {
  const { node, payer, root } = options
  const { lengthBytes } = range
  const request = { kind: 'getRange', ...options.network, root, offsetBytes: range.from, lengthBytes }
  let voucher = await payer.last(node)
  for (let demands = 0; demands <= maximumDemands; demands++) {
    await stream.writeFrame({ ...request, voucher }, wait)
    const answer = await stream.readFrame(rangeSchema, wait)
    switch (answer.kind) {
      case 'range':
        if (answer.lengthBytes !== lengthBytes)
          throw new ProviderFaultError('The provider sends another length than was asked.')
        return
      case 'refused':
        throw new RefusedError(answer.code, answer.message)
      case 'paymentDue': {
        const { dueCumulativeWei } = answer
        if (answer.lastVoucher !== null) payer.recall(node, answer.lastVoucher)
        const pricePerMiBWei = options.retrievalPricePerMiBWei
        voucher = await payer.pay(node, { dueCumulativeWei, lengthBytes, pricePerMiBWei })
      }
    }
  }
  throw new PaymentError('PAYMENT_REFUSED', `Node ${node} does not take vouchers; its lock may be used up.`)
}
