import type { ConsentReview } from '../../main/api/wallet.ts'
import { formatWei } from './money.ts'

const weiPerMicro = 10n ** 12n
const microPerToken = 1_000_000n
/** What a sentence can name: thirteen digits of micro-tokens. */
const largestMicro = 10n ** 13n - 1n

/** Decimal micro-tokens as decimal wei text. */
export function microToWei(micro: string): string {
  return (BigInt(micro) * weiPerMicro).toString()
}

/** Whole micro-tokens of decimal wei text, rounded down: what a sentence can name. */
export function weiToMicro(weiText: string): string {
  return (BigInt(weiText) / weiPerMicro).toString()
}

/** An amount in tokens as a person types it, such as `12.5`, as micro-tokens; null when it is none that can be signed. */
export function readTokens(typed: string): string | null {
  const match = /^(\d{1,7})(?:\.(\d{1,6}))?$/.exec(typed.trim())
  if (match === null) return null
  const micro = BigInt(match[1] ?? '0') * microPerToken + BigInt((match[2] ?? '').padEnd(6, '0'))
  return micro <= largestMicro ? micro.toString() : null
}

/** Micro-tokens as a person would type them, without zeros at the end. */
export function writeTokens(micro: string): string {
  const whole = BigInt(micro) / microPerToken
  const rest = (BigInt(micro) % microPerToken).toString().padStart(6, '0').replace(/0+$/, '')
  return rest === '' ? String(whole) : `${whole}.${rest}`
}

export type AmountProblem = 'amountProblem' | 'tooMuch' | 'zero'

/** What is wrong with an amount that was typed; null when it can be sent. */
export function amountProblem(typed: string, balanceWei: string): AmountProblem | null {
  const micro = readTokens(typed)
  if (micro === null) return 'amountProblem'
  if (micro === '0') return 'zero'
  return BigInt(micro) > BigInt(weiToMicro(balanceWei)) ? 'tooMuch' : null
}

/** The account in what a person pasted, or null. */
export function readAddress(typed: string): string | null {
  const compact = typed.replaceAll(/\s+/g, '')
  return /^0x[0-9a-fA-F]{40}$/.test(compact) ? compact : null
}

/** True when the pages hold the text and nothing else, whatever a screen makes of line breaks and spaces. */
export function pagesHoldText(review: Pick<ConsentReview, 'text'>, pages: readonly (readonly string[])[]): boolean {
  const bare = (text: string): string => text.replaceAll(/\s+/g, '')
  return bare(pages.flat().join('')) === bare(review.text)
}

/** An amount of the chain's own coin: fees are often far below what tokens are rounded to, so twelve digits are kept. */
export function formatCoin(weiText: string): string {
  const wei = BigInt(weiText)
  if (wei === 0n || wei >= weiPerMicro) return formatWei(weiText)
  const pico = (wei / 1_000_000n).toString().padStart(12, '0').replace(/0+$/, '')
  return pico === '' ? '< 0.000000000001' : `0.${pico}`
}
