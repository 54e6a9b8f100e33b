import type { Activity } from '../api/channels.ts'
import type { SignedSentence } from '../store/index.ts'

const weiPerMicro = 10n ** 12n

/** What a landed sentence did, as a line of the activity log. */
export function activityOfConsent({ request, recipient }: SignedSentence): Pick<Activity, 'code' | 'values'> {
  const wei = (micro: string) => (BigInt(micro) * weiPerMicro).toString()
  switch (request.kind) {
    case 'authorize':
      return { code: 'consentRecorded', values: {} }
    case 'revoke':
      return { code: 'keyRevoked', values: { role: request.role } }
    case 'payout':
      return { code: 'payoutAnnounced', values: { to: request.to } }
    case 'cancelPayout':
      return { code: 'payoutCancelled', values: {} }
    case 'claim':
      return { code: 'claimed', values: { amountWei: wei(request.micro), to: recipient ?? '' } }
    case 'transfer':
      return { code: 'transferred', values: { amountWei: wei(request.micro), to: request.to } }
    case 'stake':
      return { code: 'staked', values: { amountWei: wei(request.micro) } }
    case 'unstake':
      return { code: 'unstakeAsked', values: { amountWei: wei(request.micro) } }
  }
}
