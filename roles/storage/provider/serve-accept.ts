import { hashPieces } from '../../../contracts/client/index.ts'
import type { FramedStream } from '../../network/index.ts'
import { acceptBatchSchema } from '../protocol/frames.ts'
import { answerRefusals } from './answer-refusals.ts'
import { RefusedError } from './errors.ts'
import { rootText } from './piece-root.ts'
import { assertSameNetwork, assertTaking, payerOf, type ServeContext } from './serve-context.ts'

const frameTimeoutMs = 10_000
/** An acceptance is worthless after this; the customer sends its transaction at once. */
const acceptanceSeconds = 3600
/** Pieces wait this much longer than the acceptance, for blocks and clocks. */
const marginSeconds = 600

/**
 * Signs consent to a batch of pieces that are all here, whole and checked, at the prices of today: of the customer that the
 * connection proves, or of another `customerOf`.
 */
export async function serveAccept(
  context: ServeContext,
  stream: FramedStream,
  customerOf: (stream: FramedStream) => Promise<string> = async ({ remoteAddress }) => remoteAddress,
): Promise<void> {
  await answerRefusals(stream, async () => {
    const proven = await customerOf(stream)
    const request = await stream.readFrame(acceptBatchSchema, { timeoutMs: frameTimeoutMs })
    assertSameNetwork(context.network, request)
    assertTaking(context)
    const customer =
      request.customer === undefined
        ? proven
        : (await payerOf(context, stream.remoteAddress, request.customer)).customer
    const prices = context.prices()
    const same =
      request.pricePerGiBPeriodWei === prices.pricePerGiBPeriodWei &&
      request.retrievalPricePerMiBWei === prices.retrievalPricePerMiBWei &&
      request.minimumBytesPerSecond === prices.minimumBytesPerSecond
    if (!same) throw new RefusedError('priceChanged', 'This provider asks other prices now.')
    const pieces = request.pieces.map((piece) => ({ root: rootText(piece.root), lengthBytes: piece.lengthBytes }))
    assertAllHeld(context, customer, pieces)
    const sequence = await context.customers.nextSequence(customer)
    if (request.sequence !== sequence) {
      throw new RefusedError('badRequest', `The data set is at number ${sequence}, not ${request.sequence}.`)
    }
    const expirySeconds = context.nowSeconds() + acceptanceSeconds
    for (const piece of pieces) context.store.index.keepUntil(piece.root, customer, expirySeconds + marginSeconds)
    const signature = await context.role.sign({
      kind: 'pieceAcceptance',
      customer,
      piecesHash: hashPieces(pieces),
      pricePerGiBPeriodWei: prices.pricePerGiBPeriodWei.toString(),
      retrievalPricePerMiBWei: prices.retrievalPricePerMiBWei.toString(),
      minimumBytesPerSecond: prices.minimumBytesPerSecond,
      sequence,
      expirySeconds,
    })
    await stream.writeFrame({ kind: 'accepted', signature, expirySeconds })
  })
}

function assertAllHeld(
  context: ServeContext,
  customer: string,
  pieces: readonly { root: `0x${string}`; lengthBytes: number }[],
): void {
  const seen = new Set<string>()
  for (const { root, lengthBytes } of pieces) {
    const piece = context.store.index.piece(root)
    const held = piece !== null && !piece.damaged && context.store.index.holds(root, customer)
    if (!held || piece.lengthBytes !== lengthBytes) {
      throw new RefusedError('unknownPiece', `This provider does not hold piece ${root} of that length for you.`)
    }
    if (seen.has(root)) throw new RefusedError('badRequest', `Piece ${root} stands twice in the batch.`)
    seen.add(root)
  }
}
