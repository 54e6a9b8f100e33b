import type { FramedStream, NetworkNode } from '../../network/index.ts'
import { rangeSchema, storageGetProtocol } from '../protocol/frames.ts'
import { ProviderFaultError, RefusedError } from './errors.ts'
import { PaymentError, type Payer } from './payer.ts'
import { createStallGuard } from './stall-guard.ts'
import { dialTimeoutMs, type NetworkFields } from './upload-piece.ts'

export type FetchOptions = {
  readonly peerId: string
  /** The provider's account, which vouchers name. */
  readonly node: string
  readonly network: NetworkFields
  readonly root: Uint8Array
  /** As agreed when the piece was accepted. */
  readonly retrievalPricePerMiBWei: bigint
  /** Receives the piece; its length is the piece's. Written to until the call settles. */
  readonly target: Uint8Array
  readonly payer: Payer
  readonly onProgress?: (bytes: number) => void
  readonly signal?: AbortSignal
}

/** A transfer that stands still so long is given up; others are already asked by then. */
const stallMs = 5000

/** Times that a node may ask for payment before it delivers one range. */
const maximumDemands = 3

/** Fetches one masked piece and pays for it. Its bytes are not yet checked. Throws RefusedError, PaymentError and errors of the network. */
export async function fetchPiece(network: NetworkNode, options: FetchOptions): Promise<void> {
  const guard = createStallGuard('Fetching a piece', stallMs, options.signal)
  const stream = await network
    .open(options.peerId, storageGetProtocol, { signal: guard.signal, timeoutMs: dialTimeoutMs })
    .catch((error: unknown) => {
      guard.release()
      throw guard.stalled() ?? error
    })
  const wait = { signal: guard.signal, timeoutMs: 2 ** 31 - 1 }
  try {
    guard.progress()
    await options.payer.inTurn(options.node, () => requestRange(stream, options, wait))
    let offset = 0
    for await (const chunk of stream.readBytes(options.target.length, wait)) {
      options.target.set(chunk, offset)
      offset += chunk.length
      guard.progress()
      options.onProgress?.(chunk.length)
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
  wait: { signal: AbortSignal; timeoutMs: number },
): Promise<void> {
  const { node, payer, root } = options
  const lengthBytes = options.target.length
  let voucher = await payer.last(node)
  for (let demands = 0; demands <= maximumDemands; demands++) {
    await stream.writeFrame({ kind: 'getRange', ...options.network, root, offsetBytes: 0, lengthBytes, voucher }, wait)
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
        voucher = await payer.pay(node, {
          dueCumulativeWei,
          lengthBytes,
          pricePerMiBWei: options.retrievalPricePerMiBWei,
        })
      }
    }
  }
  throw new PaymentError('PAYMENT_REFUSED', `Node ${node} does not take vouchers; its lock may be used up.`)
}
