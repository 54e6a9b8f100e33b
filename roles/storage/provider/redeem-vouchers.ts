import { formatEther } from 'ethers'
import {
  encodeRedeemMany,
  readLaneRedeemed,
  readLock,
  type Chain,
  type Voucher,
} from '../../../contracts/client/index.ts'
import type { RoleContext } from '../../api/worker.ts'
import type { Problems } from '../../upkeep/problems.ts'
import { feeInTokenWei, shouldRedeem, type HeldVoucher, type NodeVoucherStore } from '../../vouchers/index.ts'

export type RedeemParts = {
  readonly chain: Chain
  readonly node: string
  readonly vouchers: NodeVoucherStore
  readonly problems: Problems
  readonly context: Pick<RoleContext, 'submit' | 'emit' | 'changed' | 'log'>
  readonly signal: AbortSignal
}

/** Gas of redeeming one voucher, rounded up from receipts. */
const redeemGas = 120_000n
/** Vouchers in one transaction. */
const batchSize = 20

/**
 * Redeems what is worth its fee or in danger, for a node that leaves all that is worth more than its fee, and tells how many
 * vouchers that were. Reads each lane's state from the chain first, so a repeat is harmless.
 */
export async function redeemVouchers(
  parts: RedeemParts,
  nowSeconds: number,
  { leaving = false }: { readonly leaving?: boolean } = {},
): Promise<number> {
  const { chain, node, vouchers } = parts
  if (vouchers.unredeemed().length === 0) {
    parts.problems.solve('DOWNLOADS_UNPAID')
    return 0
  }
  const feeWei = await redeemFee(chain)
  const due: HeldVoucher[] = []
  let lostWei = 0n
  for (const customer of new Set(vouchers.unredeemed().map((voucher) => voucher.customer))) {
    const lock = await readLock(chain, customer, node)
    for (const voucher of vouchers.unredeemed().filter((each) => each.customer === customer)) {
      const redeemedWei = await readLaneRedeemed(chain, customer, node, voucher.lane)
      vouchers.setRedeemed(customer, voucher.lane, redeemedWei)
      if (voucher.expirySeconds <= nowSeconds) continue
      const open = voucher.cumulativeWei - redeemedWei
      const valueWei = open < lock.lockedWei ? open : lock.lockedWei
      const { expirySeconds } = voucher
      const { thawEndsAtSeconds } = lock
      const last = leaving && valueWei > feeWei
      if (last || shouldRedeem({ valueWei, feeWei, nowSeconds, thawEndsAtSeconds, expirySeconds })) due.push(voucher)
    }
    const living = vouchers.unredeemed().filter(({ expirySeconds }) => expirySeconds > nowSeconds)
    lostWei += unpayableWei(living, customer, lock.lockedWei)
  }
  tellLoss(parts.problems, lostWei)
  for (let first = 0; first < due.length; first += batchSize)
    await redeemBatch(parts, due.slice(first, first + batchSize))
  return due.length
}

/** What a customer's vouchers are worth beyond what its lock still holds: it withdrew before they were redeemed. */
function unpayableWei(held: readonly HeldVoucher[], customer: string, lockedWei: bigint): bigint {
  const openWei = held
    .filter((voucher) => voucher.customer === customer)
    .reduce((sum, voucher) => sum + voucher.cumulativeWei - voucher.redeemedWei, 0n)
  return openWei > lockedWei ? openWei - lockedWei : 0n
}

/** A node that slept through a thaw bears the loss and is told (PROTOCOL 2.1). */
function tellLoss(problems: Problems, lostWei: bigint): void {
  if (lostWei === 0n) return problems.solve('DOWNLOADS_UNPAID')
  problems.raise({
    code: 'DOWNLOADS_UNPAID',
    message: `Customers took back ${formatEther(lostWei)} tokens that were set aside for downloads before this computer asked for them.`,
    action: 'Let it run at least once a week, so that payments for downloads are collected in time.',
  })
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
