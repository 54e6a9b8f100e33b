import { isDeepStrictEqual } from 'node:util'
import { pagesOf, touchScreen, twoButtonScreen } from '../../../main/api/device-pages.ts'
import { readSentence, type SentenceFields, writeSentence } from './read-sentence.ts'

/** Bytes that a device may be asked to show (PROTOCOL 1.3). */
const byteLimit = 240
const authorizeByteLimit = 320
/** Deployments have symbols of four characters; longer ones may take a line more. */
const usualSymbolLength = 4
/** Characters of an account on a touch screen's first page with no, one and two lines more than it has: 19 to a line. */
const shownOfAccount = [42, 38, 19] as const

/** What can be wrong with a text. */
export type SentenceFault = 'solidity' | 'second writer' | 'second reader' | 'characters' | 'bytes' | 'paging'

/** What is wrong with a text that TypeScript composed; nothing where all is well. `rebuilt` is what the contract made of the same arguments. */
export function judgeSentence(text: string, rebuilt: string, fields: SentenceFields): SentenceFault[] {
  const limit = fields.verb === 'authorize' ? authorizeByteLimit : byteLimit
  const holds: Record<SentenceFault, boolean> = {
    solidity: rebuilt === text,
    'second writer': writeSentence(fields) === text,
    'second reader': isDeepStrictEqual(readSentence(text), fields),
    characters: /^([\x20-\x7e]+\n)+[\x20-\x7e]+$/.test(text),
    bytes: Buffer.byteLength(text) <= limit,
    paging: pagesWell(text, fields),
  }
  return (Object.keys(holds) as SentenceFault[]).filter((fault) => !holds[fault])
}

/**
 * Whether devices show what matters first. Touch screen: verb, amounts and account in full on the first page; the warning of a
 * practice network and a long symbol may each push one line to the second. Two buttons, where lines run together: the verb
 * is on the first page, amounts are never broken, and all digits of the account follow each other.
 */
function pagesWell(text: string, fields: SentenceFields): boolean {
  const [touch] = pagesOf(text, touchScreen)
  const buttons = pagesOf(text, twoButtonScreen)
  const verbLine = `${fields.label}: ${fields.verb}`
  const longSymbol = (fields.symbol ?? '').length > usualSymbolLength
  const spare = Number(fields.practice) + Number(longSymbol)
  const account = fields.account ?? ''
  const amounts = [fields.amount, fields.risk, fields.spend].filter((micro) => micro !== undefined).map(digitsOf)
  const first = longSymbol ? amounts.slice(0, 1) : amounts
  return (
    touch![0]!.startsWith(fields.practice ? 'PRACTICE, no value' : `${fields.label}: `) &&
    touch!.join(' ').includes(verbLine) &&
    first.every((digits) => hasWord(touch!, digits)) &&
    touch!.join('').includes(account.slice(0, shownOfAccount[spare])) &&
    buttons[0]!.join(' ').includes(verbLine) &&
    amounts.every((digits) => hasWord(buttons.flat(), digits)) &&
    buttons.flat().join('').includes(account)
  )
}

function hasWord(lines: readonly string[], word: string): boolean {
  return lines.some((line) => line.split(' ').includes(word))
}

function digitsOf(micro: bigint): string {
  const digits = micro.toString().padStart(7, '0')
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`
}
