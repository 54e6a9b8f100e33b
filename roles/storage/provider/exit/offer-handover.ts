import { hexToBytes } from '@noble/hashes/utils.js'
import type { NetworkNode } from '../../../network/index.ts'
import {
  storageHandoverProtocol,
  tookOverSchema,
  willTakeSchema,
  type TookOver,
} from '../../protocol/handover-frames.ts'
import { RefusedError } from '../errors.ts'
import type { SetPiece } from '../piece-index.ts'
import type { PieceStore } from '../piece-store.ts'
import type { Throttle } from '../throttle.ts'

const dialMs = 15_000
const answerMs = 30_000
/** Slower than this the conversation is given up and tried again later; what has arrived stays with the heir. */
const slowestBytesPerSecond = 16 * 1024

export type OfferOptions = {
  readonly peerId: string
  readonly chainId: number
  readonly market: string
  readonly customer: string
  readonly pieces: readonly Pick<SetPiece, 'root' | 'lengthBytes'>[]
  readonly store: PieceStore
  readonly upload: Throttle
  readonly signal: AbortSignal
  readonly onSent: (bytes: number) => void
}

/** Sends pieces to an heir and returns its consent. Throws RefusedError with its reason, NetworkError, TimeoutError, CancelledError. */
export async function offerHandover(node: NetworkNode, options: OfferOptions): Promise<TookOver> {
  const { peerId, chainId, market, customer, pieces, signal } = options
  const wait = { signal, timeoutMs: answerMs }
  const stream = await node.open(peerId, storageHandoverProtocol, { signal, timeoutMs: dialMs })
  try {
    const offered = pieces.map(({ root, lengthBytes }) => ({ root: hexToBytes(root.slice(2)), lengthBytes }))
    await stream.writeFrame({ kind: 'offerHandover', chainId, market, customer, pieces: offered }, wait)
    const answer = await stream.readFrame(willTakeSchema, wait)
    if (answer.kind === 'refused') throw new RefusedError(answer.code, answer.message)
    for (const position of answer.wanted) {
      const piece = pieces[position]
      if (piece === undefined) throw new RefusedError('badRequest', 'The heir asked for a piece that was not offered.')
      const timeoutMs = answerMs + (piece.lengthBytes / slowestBytesPerSecond) * 1000
      await stream.writeBytes(bytesOf(options, piece), { signal, timeoutMs })
    }
    const taken = await stream.readFrame(tookOverSchema, wait)
    if (taken.kind === 'refused') throw new RefusedError(taken.code, taken.message)
    await stream.close()
    return taken
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
}

async function* bytesOf(
  { store, upload, onSent }: OfferOptions,
  { root, lengthBytes }: Pick<SetPiece, 'root' | 'lengthBytes'>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of store.read(root, 0, lengthBytes)) {
    await upload.pass(chunk.length)
    yield chunk
    onSent(chunk.length)
  }
}
