const weiPerMicro = 10n ** 12n
const microPerToken = 1_000_000n

/** Largest amount in a sentence: thirteen digits of micro-tokens. */
export const largestMicro = 10n ** 13n - 1n

/** Whole micro-tokens (1e12 wei) of an amount, rounded down: what a sentence can name (PROTOCOL 1.5). */
export function microTokens(wei: bigint): bigint {
  return wei / weiPerMicro
}

/** `digits.dddddd`, without separators, exponent or leading zeros. Throws a RangeError outside what contracts accept. */
export function formatMicro(micro: bigint): string {
  if (micro < 0n || micro > largestMicro)
    throw new RangeError(`Amount ${micro} micro-tokens is outside what a sentence can name.`)
  return `${micro / microPerToken}.${String(micro % microPerToken).padStart(6, '0')}`
}
