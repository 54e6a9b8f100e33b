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

/** A segment with at most this many healthy pieces must be repaired: k + (n - k) / 4, rounded down. */
export function repairThreshold(k: number, n: number): number {
  return k + Math.floor((n - k) / 4)
}
