import type { Payout } from '../../../contracts/client/index.ts'
import { sameAddress } from '../../../roles/api/values.ts'
import type { ConfirmedPayout, SignedSentence } from '../../store/index.ts'

/**
 * What the device has confirmed once a signed sentence has landed. Only what stood on its screen counts: the recipient of a
 * claim, and the address of a payout change, which takes effect later. Pure.
 */
export function confirmedAfter(
  confirmed: ConfirmedPayout,
  { request, recipient }: Pick<SignedSentence, 'request' | 'recipient'>,
): ConfirmedPayout {
  switch (request.kind) {
    case 'claim':
      return followChange({ ...confirmed, current: recipient }, confirmed.next)
    case 'payout':
      return { ...confirmed, next: recipient }
    case 'cancelPayout':
      return { ...confirmed, next: null }
    case 'authorize':
    case 'revoke':
    case 'transfer':
    case 'stake':
    case 'unstake':
      return confirmed
  }
}

/** A confirmed change that the chain has put into effect is the payout from then on. Pure. */
export function confirmedNow(confirmed: ConfirmedPayout, payout: Pick<Payout, 'to'>): ConfirmedPayout {
  const { next } = confirmed
  if (next === null || !sameAddress(payout.to, next)) return confirmed
  return { current: next, next: null }
}

/** A claim that went to the announced address says that the change is in effect. */
function followChange(confirmed: ConfirmedPayout, next: string | null): ConfirmedPayout {
  const arrived = next !== null && confirmed.current !== null && sameAddress(confirmed.current, next)
  return arrived ? { ...confirmed, next: null } : confirmed
}
