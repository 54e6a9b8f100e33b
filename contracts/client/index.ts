/** One place to import the chain client from; each verb has its own file. */
export * from './accounts.ts'
export * from './calls.ts'
export { type Chain, type ChainCall, openChain, type WorkTransaction } from './chain.ts'
export * from './challenges.ts'
export * from './data-sets.ts'
export * from './departures.ts'
export { decodeCallError, isConnectionProblem } from './decode-call-error.ts'
export * from './earnings.ts'
export * from './epochs.ts'
export * from './errors.ts'
export { type ContractName, interfaces } from './interfaces.ts'
export { type LandedSentence, readLandedSentences } from './landed-sentences.ts'
export * from './locks.ts'
export { type Movement, type Outflow, readMovements } from './movements.ts'
export { type NetworkFile, networkFileSchema } from './network-file.ts'
export { listNodes, type NodeEntry, type NodeTerms, readNode } from './nodes.ts'
export { judgeMissedPeriod, type MissedPeriod, readMissedPeriod } from './period-outcome.ts'
export { readContract, type ReadOptions } from './read-contract.ts'
export { type ChainRoleName, chainRoleNames, roleOfNumber } from './roles.ts'
export { type Announced, type Powers, readPowers } from './powers.ts'
export * from './repairs.ts'
export { readSeed, type SeedView } from './seeds.ts'
export { sendAndWait, type SendOptions } from './send.ts'
export * from './sentences/index.ts'
export { readSlashes, type SlashEvent } from './slash-events.ts'
export { readStake, type Stake } from './stake.ts'
export { readStorageEvents, reliabilityEvents, type StorageEvent } from './storage-events.ts'
export * from './timing.ts'
export { createTransactionSender, type SenderOptions, type TransactionSender } from './transaction-sender.ts'
export * from './typed-data.ts'
export { untilSettled } from './until-settled.ts'
export {
  type CodeVerdict,
  compareBytecode,
  type ReleaseCode,
  releaseCodeOf,
  verifyContracts,
} from './verify-bytecode.ts'
