/**
 * The sentences a second time, written from PROTOCOL 1.3 and the fixtures and not from the code of either side: one template for each
 * verb, which both writes a text and reads one. Reading is strict, so whatever can be read back exactly was written
 * without a second meaning: no two lists of arguments share a text.
 */

/** Arguments in the form in which a text shows them. */
export type SentenceFields = {
  /** The verb line without the label, such as `claim`. */
  readonly verb: string
  readonly practice: boolean
  readonly label: string
  readonly symbol?: string
  /** Micro-tokens. */
  readonly amount?: bigint
  /** Role whose market stake goes to or comes from. */
  readonly market?: string
  readonly risk?: bigint
  readonly spend?: bigint
  /** Lower case, as `contract`. */
  readonly account?: string
  /** Seconds until a payout change takes effect. */
  readonly wait?: bigint
  readonly roles?: readonly string[]
  readonly keys?: bigint
  readonly code?: string
  readonly chain: bigint
  readonly number?: bigint
  /** Minutes since 1970. */
  readonly deadline?: bigint
  readonly contract: string
}

type FieldName = Exclude<keyof SentenceFields, 'verb' | 'practice'>
type Grammar = { readonly pattern: string; write(value: never): string; read(text: string): unknown }

const name = '[A-Za-z0-9 .-]{1,6}'
const whole = '(?:0|[1-9][0-9]*)'
const asIs = { write: (text: string) => text, read: (text: string) => text }
const asNumber = { pattern: whole, write: (value: bigint) => value.toString(), read: BigInt }
const asTokens = { pattern: String.raw`(?:0|[1-9][0-9]{0,6})\.[0-9]{6}`, write: writeTokens, read: readTokens }
const asAccount = { pattern: '0x[0-9a-f]{40}', ...asIs }

const grammars: Readonly<Record<FieldName, Grammar>> = {
  label: { pattern: name, ...asIs },
  symbol: { pattern: name, ...asIs },
  amount: asTokens,
  market: { pattern: 'storage|render|energy', ...asIs },
  risk: asTokens,
  spend: asTokens,
  account: asAccount,
  contract: asAccount,
  roles: {
    pattern: '[a-z]+(?:, [a-z]+)*',
    write: (roles: readonly string[]) => roles.join(', '),
    read: (text) => text.split(', '),
  },
  wait: { pattern: `${whole} (?:hours|seconds)`, write: writeWait, read: readWait },
  keys: asNumber,
  code: { pattern: '[0-9a-f]{32}', ...asIs },
  chain: asNumber,
  number: asNumber,
  deadline: { pattern: '[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}', write: writeMinute, read: readMinute },
}

const conditions = 'Chain {chain}, number {number}\nUntil {deadline} UTC\nContract {contract}'
const templates: Readonly<Record<string, string>> = {
  claim: `{amount} {symbol}\nto {account}\n${conditions}`,
  transfer: `{amount} {symbol}\nto {account}\n${conditions}`,
  stake: `{amount} {symbol}\nfor {market} by\n{account}\n${conditions}`,
  unstake: `{amount} {symbol}\nfrom {market} by\n{account}\n${conditions}`,
  payout: `my claims go to\n{account}\nafter {wait}\n${conditions}`,
  'cancel payout': `to {account}\n${conditions}`,
  revoke: 'for ever this key\n{account}\nChain {chain}\nContract {contract}',
  authorize: `May risk {risk} {symbol}\nMay spend {spend} {symbol} a day\nas {roles}\nKeys {keys}, code {code}\n${conditions}`,
}
const warning = 'PRACTICE, no value\n'
const verbs = Object.keys(templates)

/** The text of some arguments. Throws a RangeError for a verb that there is not. */
export function writeSentence(fields: SentenceFields): string {
  const template = templates[fields.verb]
  if (template === undefined) throw new RangeError(`No sentence begins with ${fields.verb}.`)
  const body = `{label}: ${fields.verb}\n${template}`.replace(/\{(\w+)\}/g, (_whole, field: FieldName) => {
    const value = fields[field]
    if (value === undefined) throw new RangeError(`A sentence to ${fields.verb} needs its ${field}.`)
    return grammars[field].write(value as never)
  })
  return fields.practice ? warning + body : body
}

/** The arguments of a text; null where it is no sentence, in each character. */
export function readSentence(text: string): SentenceFields | null {
  const practice = text.startsWith(warning)
  const body = practice ? text.slice(warning.length) : text
  for (const verb of verbs) {
    const match = readers[verb]!.exec(body)
    if (match === null) continue
    const fields: Record<string, unknown> = { verb, practice }
    for (const [field, value] of Object.entries(match.groups!)) fields[field] = grammars[field as FieldName].read(value)
    // A date that there is not has moved to another one by now, and a wait may have been in the other unit.
    return writeSentence(fields as SentenceFields) === text ? (fields as SentenceFields) : null
  }
  return null
}

const readers = Object.fromEntries(verbs.map((verb) => [verb, readerOf(`{label}: ${verb}\n${templates[verb]!}`)]))

/** A field that stands twice must say the same twice. */
function readerOf(template: string): RegExp {
  const seen = new Set<string>()
  const pattern = template.replace(/\{(\w+)\}/g, (_whole, field: FieldName) => {
    if (seen.has(field)) return `\\k<${field}>`
    seen.add(field)
    return `(?<${field}>${grammars[field].pattern})`
  })
  return new RegExp(`^${pattern}$`)
}

function writeTokens(micro: bigint): string {
  const digits = micro.toString().padStart(7, '0')
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`
}

function readTokens(text: string): bigint {
  return BigInt(text.replace('.', ''))
}

/** Whole hours where the wait is that, else seconds. */
function writeWait(seconds: bigint): string {
  return seconds % 3600n === 0n ? `${seconds / 3600n} hours` : `${seconds} seconds`
}

function readWait(text: string): bigint {
  const [count, unit] = text.split(' ')
  return BigInt(count!) * (unit === 'hours' ? 3600n : 1n)
}

function writeMinute(minutes: bigint): string {
  const at = new Date(Number(minutes) * 60_000)
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${String(at.getUTCFullYear()).padStart(4, '0')}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`
  return `${date} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
}

function readMinute(text: string): bigint {
  const [year, month, day, hour, minute] = text.split(/[- :]/).map(Number)
  return BigInt(Date.UTC(year!, month! - 1, day, hour, minute) / 60_000)
}
