import { getBytes } from 'ethers'
import {
  encodeForfeit,
  encodeHandOver,
  readDataSet,
  type Chain,
  type DataSetView,
  type PieceEntry,
} from '../../../../contracts/client/index.ts'
import { CancelledError } from '../../../api/errors.ts'
import type { RoleContext } from '../../../api/worker.ts'
import type { NetworkNode } from '../../../network/index.ts'
import { acceptBatch } from '../../customer/accept-batch.ts'
import type { Offer } from '../../customer/find-providers.ts'
import { patient } from '../../customer/patience.ts'
import { uploadPiece } from '../../customer/upload-piece.ts'
import { handoverAcceptProtocol, handoverPutProtocol } from '../../protocol/handover-frames.ts'
import { parseRoot } from '../piece-root.ts'
import type { PieceStore } from '../piece-store.ts'
import type { Throttle } from '../../../upkeep/throttle.ts'

export type HandOverParts = {
  readonly chain: Chain
  readonly context: RoleContext
  readonly store: PieceStore
  readonly node: NetworkNode
  readonly upload: Throttle
  nowSeconds(): number
  /** False once the person changed their mind: nothing more is handed over. */
  wanted(): boolean
  onBytes(bytes: number): void
  readonly signal: AbortSignal
}

/** A signature to leave is worthless after this. */
const departureSeconds = 3600

/**
 * Gives one batch of a set to its heir: bytes first, then both signatures, then one transaction. Until that transaction
 * nothing has changed, so whatever ends this in between is repaired by doing it again. Throws RefusedError, CancelledError,
 * errors of network and chain.
 */
export async function handOverBatch(
  parts: HandOverParts,
  set: DataSetView,
  heir: Offer,
  batch: readonly PieceEntry[],
): Promise<void> {
  const { chain, context, node, signal } = parts
  const { customer } = set
  const network = { chainId: chain.network.chainId, market: chain.network.contracts.StorageMarket }
  const frame = { kind: 'handover', ...network, customer }
  for (const piece of batch) await sendPiece(parts, heir, piece, { network, frame })
  const pieces = batch.map(({ root, lengthBytes }) => ({ root: getBytes(root), lengthBytes }))
  const sequence = (await readDataSet(chain, customer, heir.node, { signal }))?.sequence ?? 0
  const { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond, peerId } = heir
  const terms = { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond }
  const opening = { protocol: handoverAcceptProtocol, frame }
  const acceptance = await acceptBatch(node, { peerId, network, pieces, terms, sequence, opening, signal })
  assertWanted(parts)
  const call = encodeHandOver(chain.network, {
    departure: await signDeparture(parts, set, heir.node),
    first: batch[0]!.index,
    pieces: batch.map(({ root, lengthBytes }) => ({ root, lengthBytes })),
    acceptance: { ...terms, sequence, expirySeconds: acceptance.expirySeconds },
    heirSignature: acceptance.signature,
  })
  const { transactionHash } = await context.submit({ purpose: 'storageExit', ...call }, { signal })
  const lengthBytes = batch.reduce((sum, piece) => sum + piece.lengthBytes, 0)
  context.emit({
    kind: 'piecesHandedOver',
    customer,
    heir: heir.node,
    count: batch.length,
    lengthBytes,
    transactionHash,
  })
  context.changed()
}

/** Ends a set that nobody takes: this period's pay and one fault are given up. Throws errors of the chain. */
export async function forfeitSet(parts: HandOverParts, set: DataSetView): Promise<void> {
  const { chain, context, signal } = parts
  assertWanted(parts)
  const call = encodeForfeit(chain.network, { departure: await signDeparture(parts, set, null) })
  const { transactionHash } = await context.submit({ purpose: 'storageExit', ...call }, { signal })
  context.emit({ kind: 'setForfeited', customer: set.customer, transactionHash })
  context.changed()
}

async function sendPiece(
  parts: HandOverParts,
  heir: Offer,
  { root, lengthBytes }: PieceEntry,
  { network, frame }: { network: { chainId: number; market: string }; frame: unknown },
): Promise<void> {
  const { store, upload, signal } = parts
  assertWanted(parts)
  await uploadPiece(parts.node, {
    peerId: heir.peerId,
    network,
    root: getBytes(root),
    lengthBytes,
    opening: { protocol: handoverPutProtocol, frame },
    patience: patient,
    async read(from, to) {
      assertWanted(parts)
      const bytes = new Uint8Array(to - from)
      let filled = 0
      for await (const chunk of store.read(parseRoot(root), from, to - from)) {
        bytes.set(chunk, filled)
        filled += chunk.length
      }
      await upload.pass(bytes.length, signal)
      return bytes
    },
    onProgress: (bytes) => parts.onBytes(bytes),
    signal,
  })
}

async function signDeparture({ context, nowSeconds }: HandOverParts, set: DataSetView, heir: string | null) {
  const { customer, node, sequence } = set
  const expirySeconds = nowSeconds() + departureSeconds
  const signature = await context.sign({ kind: 'departure', customer, heir, sequence, expirySeconds })
  return { customer, node, heir, expirySeconds, signature }
}

function assertWanted({ wanted }: HandOverParts): void {
  if (!wanted()) throw new CancelledError('Handing over')
}
