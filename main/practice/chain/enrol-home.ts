import { Interface, Wallet, type JsonRpcProvider } from 'ethers'
import { hearthTokenAbi } from '../../../contracts/abi/index.ts'
import type { NetworkFile } from '../../../contracts/client/network-file.ts'
import type { Enrolment } from '../messages.ts'
import { fundGas } from './fund-gas.ts'
import type { ChainRpc } from './rpc.ts'

const tokenInterface = new Interface(hearthTokenAbi)

/** A customer is filled up to the grant whenever less than half of it is left. */
const grantWei = 1_000_000n * 10n ** 18n

/** Sends from the faucet; one after the other, since all use one account. */
export type FaucetSend = (call: { to: string; data: string }) => Promise<void>

/**
 * Funds a home's accounts: coins for customer, gas account and operator, tokens for the customer. Asking again changes
 * nothing while enough is left. Operators get no tokens: theirs are to be earned.
 */
export async function enrolHome(
  o: { rpc: ChainRpc; provider: JsonRpcProvider; network: NetworkFile; send: FaucetSend },
  enrolment: Enrolment,
): Promise<{ customerWei: string | null }> {
  const accounts = [enrolment.customer, enrolment.gasAccount, enrolment.operator].filter((one) => one !== undefined)
  await Promise.all(accounts.map((address) => fundGas(o.rpc, address)))
  if (enrolment.customer === undefined) return { customerWei: null }
  const balance = await tokenBalance(o, enrolment.customer)
  if (balance >= grantWei / 2n) return { customerWei: balance.toString() }
  const data = tokenInterface.encodeFunctionData('transfer', [enrolment.customer, grantWei - balance])
  await o.send({ to: o.network.contracts.HearthToken, data })
  return { customerWei: (await tokenBalance(o, enrolment.customer)).toString() }
}

async function tokenBalance(o: { provider: JsonRpcProvider; network: NetworkFile }, account: string): Promise<bigint> {
  const data = tokenInterface.encodeFunctionData('balanceOf', [account])
  return BigInt(await o.provider.call({ to: o.network.contracts.HearthToken, data }))
}

/** A sender over one wallet that never has two transactions in preparation at once. */
export function createFaucetSend(wallet: Wallet, timeoutMs: number): FaucetSend {
  let last: Promise<unknown> = Promise.resolve()
  return (call) => {
    const sending = last.then(async () => {
      const transaction = await wallet.sendTransaction({ to: call.to, data: call.data })
      await transaction.wait(1, timeoutMs)
    })
    last = sending.catch(() => {})
    return sending
  }
}
