/** Rewards computed a second time, from events alone: pure, and nothing of the contracts' code. */
export { addUpEpoch } from './add-up-epoch.ts'
export {
  burnedOfPaid,
  ceilingGwei,
  epochsPerHalving,
  firstCeilingsTokens,
  mintGwei,
  shareGwei,
  weiPerGwei,
} from './emission.ts'
export { type EpochShare, recomputeEpoch, type RecomputedEpoch, shareOut } from './recompute-epoch.ts'
export { type Payment, type Weight, weighPayments } from './weigh-payments.ts'
