import { RefusedError } from './errors.ts'

/** Leaves that one customer may ask for in one proving period: 2 MiB of reading, free of charge. */
export const leavesPerPeriod = 64
/** Audits that wait for their turn; the next one is told to come later. */
const mostWaiting = 8
/** Customers remembered; who was forgotten begins its period anew. */
const mostCustomers = 10_000

/** Keeps audits cheap: a small allowance for each customer and period, one audit at a time. */
export type AuditBudget = {
  /** Takes leaves from the customer's allowance. Throws RefusedError `busy` when it is used up. */
  take(customer: string, leaves: number, period: number): void
  /** Runs one audit after the other. Throws RefusedError `busy` when too many wait. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
}

/** A budget in memory: what a restart forgets is one period's allowance. */
export function createAuditBudget(): AuditBudget {
  const used = new Map<string, { period: number; leaves: number }>()
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return {
    take(customer, leaves, period) {
      const key = customer.toLowerCase()
      const known = used.get(key)
      const before = known?.period === period ? known.leaves : 0
      if (before + leaves > leavesPerPeriod) {
        throw new RefusedError('busy', `This provider answers ${leavesPerPeriod} leaves a period to each customer.`)
      }
      used.delete(key)
      used.set(key, { period, leaves: before + leaves })
      if (used.size > mostCustomers) used.delete(used.keys().next().value ?? '')
    },
    async inTurn(work) {
      if (waiting >= mostWaiting) throw new RefusedError('busy', 'Too many audits at once; try again later.')
      waiting++
      const turn = last.then(work, work)
      last = turn.catch(() => undefined)
      try {
        return await turn
      } finally {
        waiting--
      }
    },
  }
}
