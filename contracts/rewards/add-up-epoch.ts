import { AccountTable } from './account-table.ts'
import { weiPerGwei } from './emission.ts'
import type { Payment } from './weigh-payments.ts'
import { addressWords, amountWords, writeAddress, writeAmount } from './words.ts'

/** Roles that exist on chain, numbered from 0. */
export const roleCount = 5

/**
 * Adds up what each account burned before an epoch and in it, in one pass over pages of payments, as a chain is read. `pages` are
 * all payments of the deployment up to the epoch's end; later ones change nothing, and the order does not matter. Throws a
 * RangeError for what no contract can have said: an operator that is no address, an unknown role, more than there is.
 */
export function addUpEpoch(pages: Iterable<readonly Payment[]>, epoch: number): AccountTable {
  const accounts = new AccountTable()
  const address = new Uint32Array(addressWords)
  const amount = new DataView(new ArrayBuffer(amountWords * 4))
  for (const page of pages) {
    for (const payment of page) {
      const { role } = payment
      if (role >>> 0 !== role || role >= roleCount) throw new RangeError(`Role ${role} does not exist.`)
      writeAddress(payment.operator, address)
      writeAmount(payment.burnedWei, amount)
      const account = accounts.numberOf(address, role)
      if (payment.epoch < epoch) accounts.addBefore(account, amount)
      else if (payment.epoch === epoch) accounts.addWithin(account, amount)
    }
  }
  return accounts
}

/**
 * An account's weight in the epoch. Weights of single payments, each in whole gwei of the account's running sum since the
 * deployment, telescope: together they are what the whole gwei of the sum grew by, so dust is neither lost nor counted twice.
 */
export function weightGwei(accounts: AccountTable, account: number): bigint {
  const { beforeWei, withinWei } = accounts.burnedOf(account)
  return (beforeWei + withinWei) / weiPerGwei - beforeWei / weiPerGwei
}
