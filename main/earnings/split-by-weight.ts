/**
 * Splits an amount by weights, each part rounded down and the rest given to the heaviest, so that the parts add up to the
 * amount. Without any weight it stays with one nameless part. Pure.
 */
export function splitByWeight(wei: bigint, weights: ReadonlyMap<string, bigint>): Map<string, bigint> {
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0n)
  if (total === 0n) return new Map([[[...weights.keys()][0] ?? '', wei]])
  const parts = new Map([...weights].map(([key, weight]) => [key, (wei * weight) / total]))
  const [heaviest] = [...weights].reduce((left, right) => (right[1] > left[1] ? right : left))
  const rest = wei - [...parts.values()].reduce((sum, part) => sum + part, 0n)
  return parts.set(heaviest, parts.get(heaviest)! + rest)
}
