import {
  hashPieces,
  listPieces,
  readDataSet,
  readHeir,
  readSetPrice,
  type Chain,
} from '../../../../contracts/client/index.ts'
import { sameAddress } from '../../../api/values.ts'
import type { FramedStream } from '../../../network/index.ts'
import { offerHandoverSchema, type OfferHandover } from '../../protocol/handover-frames.ts'
import { answerRefusals } from '../answer-refusals.ts'
import { RefusedError } from '../errors.ts'
import { rootText, type RootText } from '../piece-root.ts'
import { assertSameNetwork, assertTaking, type ServeContext } from '../serve-context.ts'

const frameTimeoutMs = 20_000
const slowestBytesPerSecond = 16 * 1024
const leastTransferMs = 30_000
/** The leaver sends its transaction at once. */
const acceptanceSeconds = 3600
/** Pieces wait this much longer than the acceptance, for blocks and clocks. */
const marginSeconds = 600

type OfferedPiece = { readonly root: RootText; readonly lengthBytes: number }

/** Takes pieces over from a node that leaves: looks at the chain, stores, checks, and consents to exactly these. */
export async function serveHandover(context: ServeContext, chain: Chain, stream: FramedStream): Promise<void> {
  await answerRefusals(stream, async () => {
    const offer = await stream.readFrame(offerHandoverSchema, { timeoutMs: frameTimeoutMs })
    assertSameNetwork(context.network, offer)
    assertTaking(context)
    const pieces = offer.pieces.map(({ root, lengthBytes }) => ({ root: rootText(root), lengthBytes }))
    await assertMayInherit(context, chain, offer, stream.remoteAddress, pieces)
    const wanted = pieces.flatMap((piece, position) => (isHeld(context, piece, offer.customer) ? [] : [position]))
    const expirySeconds = context.nowSeconds() + acceptanceSeconds
    const keepUntilSeconds = expirySeconds + marginSeconds
    await stream.writeFrame({ kind: 'willTake', wanted })
    for (const position of wanted) {
      await receive(context, stream, { ...pieces[position]!, customer: offer.customer, keepUntilSeconds })
    }
    for (const { root } of pieces) context.store.index.keepUntil(root, offer.customer, keepUntilSeconds)
    await stream.writeFrame(await consent(context, offer.customer, pieces, expirySeconds))
  })
}

/**
 * Throws RefusedError unless the leaver really holds these pieces for this customer, the set still pays at least what is asked
 * here, and nothing else of the customer is held here: two pieces of one segment must not meet (PROTOCOL 5.8).
 */
async function assertMayInherit(
  context: ServeContext,
  chain: Chain,
  { customer }: OfferHandover,
  leaver: string,
  pieces: readonly OfferedPiece[],
): Promise<void> {
  const self = context.role.start.node
  const set = await readDataSet(chain, customer, leaver)
  if (set?.state !== 'active') throw new RefusedError('badRequest', 'There is no data set to hand over.')
  const heir = await readHeir(chain, customer, leaver)
  const own = await readDataSet(chain, customer, self)
  const free = heir === null ? own === null : sameAddress(heir, self)
  if (!free) throw new RefusedError('badRequest', 'This provider holds other pieces of this customer already.')
  if (set.escrowPeriodsLeft < 1) throw new RefusedError('noFunds', 'The data set is not paid for any more.')
  const price = await readSetPrice(chain, customer, leaver)
  if (price < context.prices().pricePerGiBPeriodWei) {
    throw new RefusedError('priceChanged', 'The customer pays less than this provider asks.')
  }
  const listed = new Map((await listPieces(chain, customer, leaver)).map((piece) => [piece.root.toLowerCase(), piece]))
  const known = pieces.every(({ root, lengthBytes }) => {
    const piece = listed.get(root)
    return piece !== undefined && !piece.removed && piece.lengthBytes === lengthBytes
  })
  if (!known) throw new RefusedError('unknownPiece', 'The chain does not know these pieces in that set.')
}

function isHeld(context: ServeContext, { root }: OfferedPiece, customer: string): boolean {
  return context.store.index.holds(root, customer) && context.store.index.piece(root)?.damaged === false
}

async function receive(
  context: ServeContext,
  stream: FramedStream,
  piece: OfferedPiece & { customer: string; keepUntilSeconds: number },
): Promise<void> {
  const timeoutMs = Math.max(leastTransferMs, (piece.lengthBytes / slowestBytesPerSecond) * 1000)
  const reservation = context.store.reserve(piece.lengthBytes)
  try {
    await context.store.store(
      piece,
      throttled(context, stream.readBytes(piece.lengthBytes, { timeoutMs })),
      reservation,
    )
  } finally {
    reservation.release()
  }
}

async function* throttled(context: ServeContext, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    await context.download.pass(chunk.length)
    yield chunk
  }
}

async function consent(
  context: ServeContext,
  customer: string,
  pieces: readonly OfferedPiece[],
  expirySeconds: number,
): Promise<Record<string, unknown>> {
  const prices = context.prices()
  const sequence = await context.customers.nextSequence(customer)
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
  const { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond } = prices
  return {
    kind: 'tookOver',
    pricePerGiBPeriodWei,
    retrievalPricePerMiBWei,
    minimumBytesPerSecond,
    sequence,
    expirySeconds,
    signature,
  }
}
