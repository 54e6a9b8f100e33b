import { ContractCallError, formatMicro, microTokens } from '../../../contracts/client/index.ts'
import type { ConsentRequest } from '../../api/wallet.ts'
import { ConsentRefusedError } from './errors.ts'

type Words = { readonly code: string; readonly message: string; readonly action: string }

/** What the contract refused, in words for whoever asked; anything that is no refusal passes as it is. */
export function explainRefusal(error: unknown, request: ConsentRequest, symbol: string): unknown {
  if (!(error instanceof ContractCallError)) return error
  const words = wordsFor(error, request, symbol)
  if (words === null) return error
  const { code, message, action } = words
  return new ConsentRefusedError(code, message, { action, cause: error, details: error.details })
}

function wordsFor({ errorName, args }: ContractCallError, request: ConsentRequest, symbol: string): Words | null {
  const show = (wei: unknown) => `${formatMicro(microTokens(BigInt(String(wei))))} ${symbol}`
  const [first, second] = args
  switch (errorName) {
    case 'Available': {
      const what = request.kind === 'stake' ? 'be staked from what was earned' : 'be claimed now'
      return { code: 'NOT_ENOUGH_EARNED', message: `Only ${show(first)} can ${what}.`, action: 'Choose less.' }
    }
    case 'ERC20InsufficientBalance':
      return { code: 'NOT_ENOUGH_TOKENS', message: `Your account holds ${show(second)}.`, action: 'Choose less.' }
    case 'ProvisionTooSmall':
      return { code: 'NOT_ENOUGH_STAKED', message: `Only ${show(second)} are staked.`, action: 'Choose less.' }
    case 'WorkOpen':
      return {
        code: 'WORK_OPEN',
        message: `Pieces are kept for ${String(first)} customers; until that ends, the stake stays.`,
        action: 'Leave these customers first, or wait until their time is over.',
      }
    case 'NumberNotNext':
      return numberUsed(Number(first))
    case 'SentenceExpired':
      return deadlinePassed(Number(first))
    case 'NodeAlreadyBound':
      return {
        code: 'KEY_OF_ANOTHER_OPERATOR',
        message: `The key ${String(first)} of this computer already works for ${String(second)}.`,
        action: 'A key is bound once in its life: use the device of that account.',
      }
    case 'NodeIsRevoked':
      return {
        code: 'KEY_REVOKED',
        message: `The key ${String(first)} of this computer was revoked.`,
        action: 'Begin with a new home; a revoked key is never authorized again.',
      }
    case 'NewWorkStopped':
      return {
        code: 'NEW_WORK_STOPPED',
        message: 'The network takes no new computers at the moment.',
        action: 'Try again later; claims and exits stay open.',
      }
    case 'PayoutRefused':
      return {
        code: 'PAYOUT_REFUSED',
        message: `Nobody could ever take tokens out of ${String(first)}.`,
        action: 'Choose an account that you hold the key of.',
      }
    case 'NoPayoutChange':
      return noPayoutChange
    case 'PayoutWaiting':
      return payoutWaiting(Number(first))
    default:
      return null
  }
}

/** There is nothing to cancel or to finish. */
export const noPayoutChange: Words = {
  code: 'NO_PAYOUT_CHANGE',
  message: 'No change of payout is waiting.',
  action: 'Nothing has to be done.',
}

/** The time of an announced change has not come. */
export function payoutWaiting(effectiveAtSeconds: number): Words {
  return {
    code: 'PAYOUT_WAITING',
    message: `The change of payout waits until ${new Date(effectiveAtSeconds * 1000).toISOString()}.`,
    action: 'Finish it then; until then it can be cancelled.',
  }
}

/** A sentence with this number was carried out already. */
export function numberUsed(number: number): Words {
  return {
    code: 'NUMBER_USED',
    message: `A sentence with number ${number} was carried out already.`,
    action: 'Review again; the next one gets the next number.',
  }
}

/** The sentence is too old to be carried out. */
export function deadlinePassed(deadlineSeconds: number): Words {
  return {
    code: 'DEADLINE_PASSED',
    message: `The sentence was good until ${new Date(deadlineSeconds * 1000).toISOString().slice(0, 16)} UTC.`,
    action: 'Review again; the next one gets a new time.',
  }
}

/** Words as an error. */
export function refuse({ code, message, action }: Words): ConsentRefusedError {
  return new ConsentRefusedError(code, message, { action })
}
