import { hexlify } from 'ethers'
import { HearthError } from '../../api/errors.ts'
import {
  creditBytes,
  priceOfRangeRoundedUp,
  type CustomerVoucherBook,
  type SignedVoucher,
} from '../../vouchers/index.ts'
import type { WireVoucher } from '../protocol/frames.ts'

/** A node asks for more than was agreed, or for more than its lock can pay. */
export class PaymentError extends HearthError {}

/** Pays nodes for retrieval; one request per node at a time goes from its price to its payment. */
export type Payer = {
  /** Runs `work` when no other request to this node is between asking and paying. */
  inTurn<T>(node: string, work: () => Promise<T>): Promise<T>
  /** The last voucher of this lane, to go with a request; null before the first payment. */
  last(node: string): Promise<WireVoucher | null>
  /** Learns from a voucher of our own that the node shows. Throws VoucherError VOUCHER_FORGED for any other. */
  recall(node: string, shown: WireVoucher): void
  /**
   * A voucher that raises the running total to what the node says is due for `lengthBytes` at the agreed price.
   * Throws PaymentError PRICE_BROKEN when it asks for more than that and the small credit it gave before.
   */
  pay(
    node: string,
    due: { dueCumulativeWei: bigint; lengthBytes: number; pricePerMiBWei: bigint },
  ): Promise<WireVoucher>
}

export function createPayer(book: CustomerVoucherBook): Payer {
  const turns = new Map<string, Promise<unknown>>()
  return {
    inTurn(node, work) {
      const turn = (turns.get(node) ?? Promise.resolve()).then(work, work)
      turns.set(
        node,
        turn.catch(() => undefined),
      )
      return turn
    },
    async last(node) {
      const voucher = await book.last(node)
      return voucher && onWire(voucher)
    },
    recall(node, { lane, cumulativeWei, expirySeconds, signature }) {
      const { customer } = book
      book.resynchronize(node, { customer, node, lane: hexlify(lane), cumulativeWei, expirySeconds, signature })
    },
    async pay(node, { dueCumulativeWei, lengthBytes, pricePerMiBWei }) {
      const already = book.cumulativeWei(node)
      const amount = dueCumulativeWei - already
      const limit =
        priceOfRangeRoundedUp(lengthBytes, pricePerMiBWei) + priceOfRangeRoundedUp(creditBytes, pricePerMiBWei)
      if (amount > limit) {
        throw new PaymentError('PRICE_BROKEN', `Node ${node} asks ${amount} wei where at most ${limit} were agreed.`)
      }
      return onWire(await book.pay(node, amount > 0n ? amount : 0n))
    },
  }
}

function onWire({ lane, cumulativeWei, expirySeconds, signature }: SignedVoucher): WireVoucher {
  return {
    lane: Uint8Array.from(Buffer.from(lane.slice(2), 'hex')),
    cumulativeWei,
    expirySeconds,
    signature: Uint8Array.from(signature),
  }
}
