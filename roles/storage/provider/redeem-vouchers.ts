import {
  encodeRedeemMany,
  readLaneRedeemed,
  readLock,
  type Chain,
  type Voucher,
} from '../../../contracts/client/index.ts'
import type { RoleContext } from '../../api/worker.ts'
import { feeInTokenWei, shouldRedeem, type HeldVoucher, type NodeVoucherStore } from '../../vouchers/index.ts'

export type RedeemParts = {
  readonly chain: Chain
  readonly node: string
  readonly vouchers: NodeVoucherStore
  readonly context: Pick<RoleContext, 'submit' | 'emit' | 'changed' | 'log'>
  readonly signal: AbortSignal
}

/** Gas of redeeming one voucher, rounded up from receipts. */
const redeemGas = 120_000n
/** Vouchers in one transaction. */
const batchSize = 20

/** Redeems what is worth its fee or in danger. Reads each lane's state from the chain first, so a repeat is harmless. */
export async function redeemVouchers(parts: RedeemParts, nowSeconds: number): Promise<void> {
  const { chain, node, vouchers } = parts
  if (vouchers.unredeemed().length === 0) return
  const feeWei = await redeemFee(chain)
  const due: HeldVoucher[] = []
  for (const customer of new Set(vouchers.unredeemed().map((voucher) => voucher.customer))) {
    const lock = await readLock(chain, customer, node)
    for (const voucher of vouchers.unredeemed().filter((each) => each.customer === customer)) {
      const redeemedWei = await readLaneRedeemed(chain, customer, node, voucher.lane)
      vouchers.setRedeemed(customer, voucher.lane, redeemedWei)
      const open = voucher.cumulativeWei - redeemedWei
      const valueWei = open < lock.lockedWei ? open : lock.lockedWei
      const { expirySeconds } = voucher
      const { thawEndsAtSeconds } = lock
      if (shouldRedeem({ valueWei, feeWei, nowSeconds, thawEndsAtSeconds, expirySeconds })) due.push(voucher)
    }
  }
  for (let first = 0; first < due.length; first += batchSize)
    await redeemBatch(parts, due.slice(first, first + batchSize))
}

async function redeemBatch(parts: RedeemParts, batch: readonly HeldVoucher[]): Promise<void> {
  const call = encodeRedeemMany(parts.chain.network, {
    vouchers: batch.map((voucher) => ({ voucher: voucherOf(voucher), signature: voucher.signature })),
  })
  const { transactionHash } = await parts.context.submit(
    { purpose: 'voucherRedeem', to: call.to, data: call.data },
    { signal: parts.signal },
  )
  for (const voucher of batch) {
    parts.vouchers.setRedeemed(voucher.customer, voucher.lane, voucher.cumulativeWei)
    parts.context.emit({ kind: 'voucherRedeemed', customer: voucher.customer, transactionHash })
  }
  parts.context.changed()
}

/** Only what was signed: the encoder takes no other field. */
function voucherOf({ customer, node, lane, cumulativeWei, expirySeconds }: HeldVoucher): Voucher {
  return { customer, node, lane, cumulativeWei, expirySeconds }
}

async function redeemFee(chain: Chain): Promise<bigint> {
  const fees = await chain.provider.getFeeData()
  const gasPriceWei = fees.gasPrice ?? fees.maxFeePerGas ?? 0n
  return feeInTokenWei(redeemGas, gasPriceWei, BigInt(chain.network.nativeWeiPerToken))
}
