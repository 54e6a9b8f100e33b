/** One place to import the chain client from; each verb has its own file. */
export * from './accounts.ts'
export * from './calls.ts'
export { type Chain, type ChainCall, openChain, type WorkTransaction } from './chain.ts'
export * from './challenges.ts'
export * from './data-sets.ts'
export * from './departures.ts'
export { decodeCallError, isConnectionProblem } from './decode-call-error.ts'
export * from './earnings.ts'
export * from './energy-certificates.ts'
export * from './energy-community.ts'
export * from './energy-days.ts'
export * from './energy-faults.ts'
export * from './epochs.ts'
export * from './errors.ts'
export { estimateCallGas, gasLimitOf } from './gas.ts'
export { type ContractName, interfaces } from './interfaces.ts'
export { type LandedSentence, readLandedSentences } from './landed-sentences.ts'
export * from './locks.ts'
export { type Movement, type Outflow, readMovements } from './movements.ts'
export { type NetworkFile, networkFileSchema } from './network-file.ts'
export { listNodes, type NodeEntry, type NodeTerms, readNode } from './nodes.ts'
export { judgeMissedPeriod, type MissedPeriod, readMissedPeriod } from './period-outcome.ts'
export { type PayoutEvent, readPayoutEvents } from './payout-events.ts'
export * from './panels-drawn.ts'
export * from './payouts.ts'
export { readContract, type ReadOptions } from './read-contract.ts'
export { type ChainRoleName, chainRoleNames, roleOfNumber } from './roles.ts'
export { type Announced, type Powers, readPowers } from './powers.ts'
export * from './render-calls.ts'
export { type RenderEvent, type RenderEventName, readRenderEvents } from './render-events.ts'
export * from './render-hashes.ts'
export * from './render-jobs.ts'
export * from './render-panel.ts'
export * from './render-pool.ts'
export * from './render-tasks.ts'
export * from './render-typed-data.ts'
export * from './repairs.ts'
export { readSeed, type SeedView } from './seeds.ts'
export { sendSigned } from './send-signed.ts'
export { sendAndWait, type SendOptions } from './send.ts'
export * from './sentences/index.ts'
export { readSlashes, type SlashEvent } from './slash-events.ts'
export { readStake, type Stake } from './stake.ts'
export { readStorageEvents, reliabilityEvents, type StorageEvent } from './storage-events.ts'
export * from './timing.ts'
export { createTransactionSender, type SenderOptions, type TransactionSender } from './transaction-sender.ts'
export {
  acceptNodeTypedData,
  auditResultTypedData,
  departureTypedData,
  hashPieces,
  pieceAcceptanceTypedData,
  priceTermsTypedData,
  voucherTypedData,
} from './typed-data.ts'
export type {
  AuditResult,
  Departure,
  NodeAcceptance,
  PieceAcceptance,
  PieceInput,
  PriceTerms,
  TypedData,
  Voucher,
} from './typed-data.ts'
export { untilSettled } from './until-settled.ts'
export {
  type CodeVerdict,
  compareBytecode,
  type ReleaseCode,
  releaseCodeOf,
  verifyContracts,
} from './verify-bytecode.ts'
