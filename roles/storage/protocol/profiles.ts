/** How a segment is coded: any `k` of `n` pieces bring it back; `uploads` are begun and the slowest are cut. */
export type Profile = {
  readonly k: number
  readonly n: number
  readonly uploads: number
  readonly fromProviders: number
}

/** A quarter more uploads than pieces, so that slow homes do not hold a put back. */
function profile(k: number, n: number): Profile {
  const uploads = Math.ceil(n * 1.25)
  return { k, n, uploads, fromProviders: uploads }
}

/**
 * Homes are online about three quarters of the time, so codes are wide and grow with the network (DESIGN 5.1):
 * 4/12 from 15 providers, 8/20 from 25, 16/40 from 50.
 */
export const profiles: readonly Profile[] = [profile(4, 12), profile(8, 20), profile(16, 40)]

/** Fewest distinct providers with which a file can be stored. */
export const minimumProviders = profiles[0]!.fromProviders

/** The widest profile that so many providers carry, or null below the minimum. */
export function chooseProfile(providerCount: number): Profile | null {
  return profiles.findLast((candidate) => providerCount >= candidate.fromProviders) ?? null
}

/** The profile with so many pieces, or null when there is none. */
export function profileOf(n: number): Profile | null {
  return profiles.find((candidate) => candidate.n === n) ?? null
}

/**
 * A segment with at most this many healthy pieces must be repaired: k + (n - k) / 3, rounded down: 6 of 12, 12 of 20, 24 of 40.
 *
 * Not a quarter, as DESIGN 5.1 has it: a repair must find k of the left pieces online at one time, and at 8 of 20 one piece more makes
 * losses under heavy churn ten times rarer for a quarter more traffic (`npm run bench durability` prints both).
 */
export function repairThreshold(k: number, n: number): number {
  return k + Math.floor((n - k) / 3)
}
