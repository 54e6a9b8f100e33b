import type { NetworkNode } from '../../network/index.ts'
import { acceptedSchema, storageAcceptProtocol } from '../protocol/frames.ts'
import { RefusedError } from './errors.ts'
import { patient } from './patience.ts'
import type { NetworkFields, OnBehalf, Opening } from './upload-piece.ts'

/** What both sides put their names to; prices as the provider offered them. */
export type Terms = {
  readonly pricePerGiBPeriodWei: bigint
  readonly retrievalPricePerMiBWei: bigint
  readonly minimumBytesPerSecond: number
}

export type PieceRef = { readonly root: Uint8Array; readonly lengthBytes: number }

export type Acceptance = Terms & {
  readonly sequence: number
  readonly expirySeconds: number
  readonly signature: Uint8Array
  readonly pieces: readonly PieceRef[]
}

/** Bound of an acceptance: the provider looks up its index and signs. */
const answerTimeoutMs = 20_000

/** Asks a provider for its signature under a batch of pieces that it holds. Throws RefusedError and errors of the network. */
export async function acceptBatch(
  node: NetworkNode,
  options: {
    readonly peerId: string
    readonly network: NetworkFields & OnBehalf
    readonly pieces: readonly PieceRef[]
    readonly terms: Terms
    readonly sequence: number
    readonly opening?: Opening
    readonly signal?: AbortSignal
  },
): Promise<Acceptance> {
  const { network, pieces, terms, sequence, opening, signal } = options
  const protocol = opening?.protocol ?? storageAcceptProtocol
  const stream = await node.open(options.peerId, protocol, { signal, timeoutMs: patient.dialMs })
  try {
    if (opening !== undefined) await stream.writeFrame(opening.frame, { signal, timeoutMs: answerTimeoutMs })
    await stream.writeFrame(
      { kind: 'acceptBatch', ...network, pieces, ...terms, sequence },
      { signal, timeoutMs: answerTimeoutMs },
    )
    const answer = await stream.readFrame(acceptedSchema, { signal, timeoutMs: answerTimeoutMs })
    if (answer.kind === 'refused') throw new RefusedError(answer.code, answer.message)
    await stream.close()
    return { ...terms, sequence, pieces, expirySeconds: answer.expirySeconds, signature: answer.signature }
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
}
