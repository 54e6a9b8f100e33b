/** A claim that a meter hangs on a connection. */
export type MeterClaim = { readonly meterId: string | null; readonly connection: string }

/** Identities that more than one connection claims. A meter that tells none cannot be told apart and is in no list. */
export function duplicateMeters(claims: readonly MeterClaim[]): ReadonlySet<string> {
  const owners = new Map<string, string>()
  const twice = new Set<string>()
  for (const { meterId, connection } of claims) {
    if (meterId === null) continue
    const owner = owners.get(meterId)
    if (owner === undefined) owners.set(meterId, connection)
    else if (owner !== connection) twice.add(meterId)
  }
  return twice
}
