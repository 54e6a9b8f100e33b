import {
  readDataSet,
  readLatestBlock,
  readLock,
  readRepairNaming,
  readTokenBalance,
  type Chain,
} from '../../../contracts/client/index.ts'
import type { CustomerFacts } from './serve-context.ts'

/** How long an answer of the chain about a customer is good enough. */
const freshMs = 5_000
/** Customers remembered at the same time. */
const maximumEntries = 1_000

/** Reads about customers with a short memory, so that a customer cannot make this node flood the chain's server. */
export function createCustomerFacts(chain: Chain, node: string): CustomerFacts {
  const locks = createMemory<bigint>()
  const balances = createMemory<bigint>()
  const budgets = createMemory<bigint | null>()
  return {
    lockedWei: (customer, options) =>
      locks(customer, options?.fresh === true, async () => (await readLock(chain, customer, node)).lockedWei),
    balanceWei: (customer) => balances(customer, false, () => readTokenBalance(chain, customer)),
    repairBudgetWei: (customer, repairer) =>
      budgets(`${customer} ${repairer}`, false, async () => {
        const naming = await readRepairNaming(chain, { customer, repairer })
        if (naming === null) return null
        const { timestampSeconds } = await readLatestBlock(chain)
        return timestampSeconds < naming.endsAtSeconds ? naming.budgetWei : null
      }),
    nextSequence: async (customer) => (await readDataSet(chain, customer, node))?.sequence ?? 0,
  }
}

function createMemory<T>() {
  const entries = new Map<string, { value: Promise<T>; atMs: number }>()
  return (key: string, fresh: boolean, read: () => Promise<T>): Promise<T> => {
    const name = key.toLowerCase()
    const known = entries.get(name)
    const age = known === undefined ? Infinity : performance.now() - known.atMs
    // Even a fresh answer is asked for at most once a second.
    if (known !== undefined && age < (fresh ? 1_000 : freshMs)) return known.value
    const value = read()
    entries.delete(name)
    entries.set(name, { value, atMs: performance.now() })
    if (entries.size > maximumEntries) entries.delete(entries.keys().next().value ?? '')
    value.catch(() => entries.delete(name))
    return value
  }
}
