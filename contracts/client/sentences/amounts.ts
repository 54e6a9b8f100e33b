const weiPerMicro = 10n ** 12n
const microPerToken = 1_000_000n

/** Largest amount in a sentence: thirteen digits of micro-tokens. */
export const largestMicro = 10n ** 13n - 1n

/** Whole micro-tokens (1e12 wei) of an amount, rounded down: what a sentence can name (PROTOCOL 1.5). */
export function microTokens(wei: bigint): bigint {
  return wei / weiPerMicro
}

/** The micro-tokens of an amount in tokens that a person wrote, such as `12.5`; null where it is none that a sentence can name. */
export function parseMicro(text: string): bigint | null {
  const match = /^(0|[1-9][0-9]*)(?:\.([0-9]{1,6}))?$/.exec(text)
  if (match === null) return null
  const micro = BigInt(match[1]!) * microPerToken + BigInt((match[2] ?? '').padEnd(6, '0'))
  return micro <= largestMicro ? micro : null
}

/** `digits.dddddd`, without separators, exponent or leading zeros. Throws a RangeError outside what contracts accept. */
export function formatMicro(micro: bigint): string {
  if (micro < 0n || micro > largestMicro)
    throw new RangeError(`Amount ${micro} micro-tokens is outside what a sentence can name.`)
  return `${micro / microPerToken}.${String(micro % microPerToken).padStart(6, '0')}`
}
