export { formatMicro, largestMicro, microTokens, parseMicro } from './amounts.ts'
export { authorizeCode, type AuthorizeSentence, composeAuthorizeSentence, type SentenceNode } from './authorize.ts'
export { formatMinute, sentenceDeadline, sentenceLabel, type SentenceTerms } from './parts.ts'
export { composeClaimSentence, composeTransferSentence, type PaymentSentence } from './payments.ts'
export {
  type CancelPayoutSentence,
  composeCancelPayoutSentence,
  composePayoutSentence,
  type PayoutSentence,
} from './payout.ts'
export { composeRevokeSentence } from './revoke.ts'
export {
  composeStakeSentence,
  composeUnstakeSentence,
  marketOfRole,
  type StakedRole,
  type StakeSentence,
} from './stake.ts'
