/**
 * The schedule of rewards as the token has it, computed a second time: amounts in gwei (1e9 wei), rounded down, epochs from
 * 1, roles by their number on chain. Written from the rules in contracts/README, not from the Solidity.
 */

export const weiPerGwei = 10n ** 9n
export const epochsPerHalving = 730
/** Tokens a day of the first two years for storage, render, energy, indexing and relay. */
export const firstCeilingsTokens = [27_200n, 20_400n, 6_800n, 6_800n, 6_800n] as const
const gweiPerToken = 10n ** 9n
/** One part in this many of everything paid is burned, rounded up. */
const burnDivisor = 20n

/** Most gwei that a role's operators get for an epoch; nothing for roles that do not exist. */
export function ceilingGwei(role: number, epoch: number): bigint {
  const halvings = BigInt(Math.floor((epoch - 1) / epochsPerHalving))
  return ((firstCeilingsTokens[role] ?? 0n) * gweiPerToken) / 2n ** halvings
}

/** What a role's epoch mints for all its operators: the ceiling, and at most nine tenths of what was burned. */
export function mintGwei(o: { role: number; epoch: number; totalGwei: bigint }): bigint {
  const bySchedule = ceilingGwei(o.role, o.epoch)
  const byBurn = (o.totalGwei * 9n) / 10n
  return bySchedule < byBurn ? bySchedule : byBurn
}

/**
 * An operator's share: his part of the ceiling by burned fees, and at most nine tenths of the fee burned on his work.
 * `totalGwei` is what all operators of the role burned in the epoch, his own included.
 */
export function shareGwei(o: { role: number; epoch: number; weightGwei: bigint; totalGwei: bigint }): bigint {
  if (o.weightGwei === 0n) return 0n
  const bySchedule = (o.weightGwei * ceilingGwei(o.role, o.epoch)) / o.totalGwei
  const byBurn = (o.weightGwei * 9n) / 10n
  return bySchedule < byBurn ? bySchedule : byBurn
}

/** Fee burned when so much was paid in all: a twentieth, rounded up against the operator. */
export function burnedOfPaid(paidWei: bigint): bigint {
  return (paidWei + burnDivisor - 1n) / burnDivisor
}
