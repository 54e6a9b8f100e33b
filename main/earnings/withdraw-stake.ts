import { ContractCallError, encodeWithdrawStake } from '../../contracts/client/index.ts'
import type { Chain, TransactionSender } from '../../contracts/client/index.ts'
import { HearthError } from '../../roles/api/errors.ts'

/** The contract did not give the stake back; nothing has moved. */
export class StakeRefusedError extends HearthError {}

const confirmTimeoutMs = 120_000

/** Pays the operator what has been unbonding long enough; needs nobody's signature. */
export async function withdrawStake(o: {
  readonly chain: Chain
  readonly operator: string
  readonly sender: Pick<TransactionSender, 'send'>
  readonly signal: AbortSignal
}): Promise<{ transactionHash: string }> {
  const call = encodeWithdrawStake(o.chain.network, { operator: o.operator })
  try {
    return { transactionHash: (await o.sender.send(call, { timeoutMs: confirmTimeoutMs, signal: o.signal })).hash }
  } catch (error) {
    throw error instanceof ContractCallError ? explain(error) : error
  }
}

/** What the contract refused, in words for whoever asked. */
function explain(error: ContractCallError): Error {
  const refuse = (code: string, message: string, action: string) =>
    new StakeRefusedError(code, message, { action, cause: error })
  const [first] = error.args
  switch (error.errorName) {
    case 'StillUnbonding': {
      const until = new Date(Number(first) * 1000).toISOString()
      return refuse('STILL_UNBONDING', `The stake waits until ${until}.`, 'Try again then.')
    }
    case 'NothingUnbonding':
      return refuse('NOTHING_UNBONDING', 'No stake is on its way back.', 'Ask for it with `hearth unstake AMOUNT`.')
    default:
      return error
  }
}
