export {
  openCustomerVoucherBook,
  type CustomerVoucherBook,
  type CustomerVoucherBookOptions,
} from './customer-voucher-book.ts'
export { decideService, type ServiceDecision, type ServiceFacts } from './decide-service.ts'
export {
  createNodeVoucherStore,
  voucherMigrations,
  type HeldVoucher,
  type NodeVoucherStore,
  type Booking,
  type ServiceRequest,
} from './node-voucher-store.ts'
export { readUnredeemedWei } from './read-unredeemed.ts'
export { feeInTokenWei, shouldRedeem, type RedeemFacts } from './should-redeem.ts'
export { signVoucher, type VoucherSigner } from './sign-voucher.ts'
export { verifyVoucher } from './verify-voucher.ts'
export { creditBytes, priceOfRangeRoundedUp, VoucherError, type SignedVoucher } from './voucher.ts'
