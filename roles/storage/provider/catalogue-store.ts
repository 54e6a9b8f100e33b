import type { Database, Migration } from '../../persistence/index.ts'

/** Its table in the provider's database. */
export const catalogueMigrations: readonly Migration[] = [
  {
    title: 'catalogues of manifests that customers leave here',
    sql: `
      CREATE TABLE catalogues (
        customer TEXT PRIMARY KEY, version INTEGER NOT NULL, bytes BLOB NOT NULL, signature TEXT NOT NULL,
        touched_at_seconds INTEGER NOT NULL) STRICT`,
  },
]

/** A customer's sealed catalogue with the customer's signature under it. */
export type KeptCatalogue = { readonly version: number; readonly bytes: Uint8Array; readonly signature: string }

/** Catalogues that this provider keeps, one for each customer; durable when a call returns. */
export type CatalogueStore = {
  read(customer: string): KeptCatalogue | null
  /** Replaces an older one; returns the version that is kept then. */
  keep(
    customer: string,
    catalogue: KeptCatalogue,
    nowSeconds: number,
  ): { readonly kept: boolean; readonly version: number }
  /** Removes those whose customer has had nothing in a set here for `graceSeconds`. */
  expire(nowSeconds: number, graceSeconds: number): void
}

export function createCatalogueStore(database: Database): CatalogueStore {
  const read = database.prepare('SELECT version, bytes, signature FROM catalogues WHERE customer = ?')
  const write = database.prepare('INSERT OR REPLACE INTO catalogues VALUES (?, ?, ?, ?, ?)')
  const expire = database.prepare(
    'DELETE FROM catalogues WHERE touched_at_seconds < ? AND customer NOT IN (SELECT customer FROM set_pieces)',
  )
  const touch = database.prepare(
    'UPDATE catalogues SET touched_at_seconds = ? WHERE customer IN (SELECT customer FROM set_pieces)',
  )
  const readOne = (customer: string): KeptCatalogue | null => {
    const row = read.get(customer.toLowerCase())
    if (row === null) return null
    return { version: Number(row['version']), bytes: row['bytes'] as Uint8Array, signature: String(row['signature']) }
  }
  return {
    read: readOne,
    keep: (customer, { version, bytes, signature }, nowSeconds) =>
      database.transaction(() => {
        const old = readOne(customer)
        const same = old !== null && old.version === version && Buffer.compare(old.bytes, bytes) === 0
        if (same) return { kept: true, version }
        if (old !== null && old.version >= version) return { kept: false, version: old.version }
        write.run(customer.toLowerCase(), version, bytes, signature, nowSeconds)
        return { kept: true, version }
      }),
    expire(nowSeconds, graceSeconds) {
      touch.run(nowSeconds)
      expire.run(nowSeconds - graceSeconds)
    },
  }
}
