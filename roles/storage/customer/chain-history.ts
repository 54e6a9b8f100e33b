import type { Database } from '../../persistence/index.ts'

/** One set's period as the chain has it. */
export type SetOutcome = {
  readonly node: string
  readonly customer: string
  readonly period: number
  readonly proven: boolean
}

/** What the chain said of all providers, read once and kept, so that nobody reads a month of blocks for each put. */
export type ChainHistory = {
  /** The next block to read of this deployment; forgets everything that was read of another one or beyond `headBlock`. */
  nextBlock(deployment: string, headBlock: number): number | null
  keepHistory(
    history: {
      readonly outcomes: readonly SetOutcome[]
      readonly ended: readonly Omit<SetOutcome, 'period' | 'proven'>[]
    },
    position: { readonly deployment: string; readonly nextBlock: number; readonly oldestPeriod: number },
  ): void
  /** Sets proven and missed, by period, oldest first. */
  periodsOf(node: string): { readonly period: number; readonly proven: number; readonly missed: number }[]
  /** Of all nodes, by period: how many nodes proved something, how many missed something. */
  periods(): { readonly period: number; readonly proving: number; readonly missing: number }[]
  /** Ended sets by what happened in their last period. */
  endingsOf(node: string): { readonly inOrder: number; readonly abandoned: number }
}

const low = (address: string): string => address.toLowerCase()

/** The history in the tables `chain_position`, `outcomes` and `ended_sets`. */
export function chainHistoryMethods(database: Database): ChainHistory {
  const position = database.prepare('SELECT deployment, next_block FROM chain_position')
  const move = database.prepare('INSERT INTO chain_position VALUES (?, ?)')
  const add = database.prepare('INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?)')
  const addEnded = database.prepare('INSERT OR IGNORE INTO ended_sets VALUES (?, ?)')
  const prune = database.prepare('DELETE FROM outcomes WHERE period < ?')
  const clear = (): void => database.exec('DELETE FROM chain_position; DELETE FROM outcomes; DELETE FROM ended_sets')
  const numbers = (row: Readonly<Record<string, unknown>>, ...names: readonly string[]): number[] =>
    names.map((name) => Number(row[name] ?? 0))
  return {
    nextBlock: (deployment, headBlock) =>
      database.transaction(() => {
        const row = position.get()
        if (row === null) return null
        if (row['deployment'] === deployment && Number(row['next_block']) <= headBlock + 1)
          return Number(row['next_block'])
        clear()
        return null
      }),
    keepHistory: ({ outcomes, ended }, { deployment, nextBlock, oldestPeriod }) =>
      database.transaction(() => {
        for (const { node, customer, period, proven } of outcomes)
          add.run(low(node), low(customer), period, proven ? 1 : 0)
        for (const { node, customer } of ended) addEnded.run(low(node), low(customer))
        prune.run(oldestPeriod)
        database.exec('DELETE FROM chain_position')
        move.run(deployment, nextBlock)
      }),
    ...historyQueries(database, numbers),
  }
}

function historyQueries(
  database: Database,
  numbers: (row: Readonly<Record<string, unknown>>, ...names: readonly string[]) => number[],
) {
  const ofNode = database.prepare(
    `SELECT period, sum(proven) AS proven, sum(1 - proven) AS missed FROM outcomes WHERE node = ?
     GROUP BY period ORDER BY period`,
  )
  const all = database.prepare(
    `SELECT period, sum(proven > 0) AS proving, sum(missed > 0) AS missing FROM
     (SELECT period, sum(proven) AS proven, sum(1 - proven) AS missed FROM outcomes GROUP BY period, node)
     GROUP BY period ORDER BY period`,
  )
  const endings = database.prepare(
    `SELECT sum(last) AS in_order, sum(1 - last) AS abandoned FROM (
       SELECT (SELECT proven FROM outcomes WHERE outcomes.node = ended_sets.node
         AND outcomes.customer = ended_sets.customer ORDER BY period DESC LIMIT 1) AS last
       FROM ended_sets WHERE node = ?) WHERE last IS NOT NULL`,
  )
  return {
    periodsOf: (node: string) =>
      ofNode.all(low(node)).map((row) => {
        const [period = 0, proven = 0, missed = 0] = numbers(row, 'period', 'proven', 'missed')
        return { period, proven, missed }
      }),
    periods: () =>
      all.all().map((row) => {
        const [period = 0, proving = 0, missing = 0] = numbers(row, 'period', 'proving', 'missing')
        return { period, proving, missing }
      }),
    endingsOf: (node: string) => {
      const [inOrder = 0, abandoned = 0] = numbers(endings.get(low(node)) ?? {}, 'in_order', 'abandoned')
      return { inOrder, abandoned }
    },
  }
}
