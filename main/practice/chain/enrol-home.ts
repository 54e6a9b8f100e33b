import {
  encodeTransfer,
  readTokenBalance,
  type Chain,
  type TransactionSender,
} from '../../../contracts/client/index.ts'
import type { Enrolment } from '../messages.ts'
import { fundGas } from './fund-gas.ts'
import type { ChainRpc } from './rpc.ts'

/** A customer is filled up to the grant whenever less than half of it is left. */
const grantWei = 1_000_000n * 10n ** 18n
const transferTimeoutMs = 15_000

/**
 * Funds a home's accounts: coins for customer, gas account and operator, tokens for the customer. Asking again changes
 * nothing while enough is left. Operators get no tokens: theirs are to be earned.
 */
export async function enrolHome(
  o: { rpc: ChainRpc; chain: Chain; sender: TransactionSender },
  enrolment: Enrolment,
): Promise<{ customerWei: string | null }> {
  const { customer, gasAccount, operator } = enrolment
  const accounts = [customer, gasAccount, operator].filter((one) => one !== undefined)
  await Promise.all(accounts.map((address) => fundGas(o.rpc, address)))
  if (customer === undefined) return { customerWei: null }
  const balanceWei = await readTokenBalance(o.chain, customer)
  if (balanceWei >= grantWei / 2n) return { customerWei: balanceWei.toString() }
  const call = encodeTransfer(o.chain.network, { to: customer, amountWei: grantWei - balanceWei })
  await o.sender.send(call, { timeoutMs: transferTimeoutMs })
  return { customerWei: (await readTokenBalance(o.chain, customer)).toString() }
}
