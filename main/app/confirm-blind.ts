import { formatEther } from 'ethers'
import { HearthError } from '../../roles/api/errors.ts'
import type { Platform, SystemQuestion } from '../api/platform.ts'
import type { ConsentReview } from '../api/wallet.ts'

/**
 * Before a transaction is signed blind, the person reads in a dialog of the system what main composed: the device shows only a hash
 * of it, and a page that somebody tampered with could show anything. Texts need none of this, since the device shows them
 * in full. Rejects with REFUSED when the person says no.
 */
export async function confirmBlind(
  { askPerson }: Pick<Platform, 'askPerson'>,
  review: ConsentReview,
  signal: AbortSignal,
): Promise<void> {
  if (review.transaction === null || askPerson === null) return
  if (await askPerson(questionOf(review.text, review.transaction), { signal })) return
  throw new HearthError('REFUSED', 'You did not want it signed. Nothing was changed.')
}

function questionOf(text: string, transaction: NonNullable<ConsentReview['transaction']>): SystemQuestion {
  const { to, hash, mostWei } = transaction
  return {
    title: 'Sign this without seeing it on your device?',
    text: [
      text,
      '',
      `Contract: ${to}`,
      `Hash that your device will show: ${hash}`,
      `Fee, paid by your own account: at most ${formatEther(mostWei)} of the network's coin.`,
    ].join('\n'),
    yes: 'Sign blind',
    no: 'Do not sign',
  }
}
