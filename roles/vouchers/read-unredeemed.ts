import { existsSync } from 'node:fs'
import { openDatabaseForReading } from '../persistence/index.ts'

/**
 * What the vouchers in a node's database are worth beyond what was redeemed, in wei; 0 where there is no database yet.
 * May be read while the node works: it opens the file for reading only.
 */
export function readUnredeemedWei(databasePath: string): bigint {
  if (!existsSync(databasePath)) return 0n
  const database = openDatabaseForReading(databasePath)
  try {
    const known = database.prepare("SELECT 1 AS known FROM sqlite_schema WHERE type = 'table' AND name = 'vouchers'")
    if (known.get() === null) return 0n
    const rows = database.prepare('SELECT cumulative_wei, redeemed_wei FROM vouchers').all()
    return rows.reduce((sum, row) => {
      const open = BigInt(String(row['cumulative_wei'])) - BigInt(String(row['redeemed_wei']))
      return open > 0n ? sum + open : sum
    }, 0n)
  } finally {
    database.close()
  }
}
