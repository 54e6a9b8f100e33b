import { IntlMessageFormat } from 'intl-messageformat'
import { en } from '../locales/en.ts'
import type { MessageKey } from '../locales/en.ts'
import { formatLocale } from './locale.ts'

export type { MessageKey } from '../locales/en.ts'
export type MessageValues = Readonly<Record<string, string | number>>

const compiled = new Map<MessageKey, IntlMessageFormat>()

/**
 * The sentence for a key with its values filled in (ICU message syntax, plurals by locale).
 * Throws when a value that the sentence needs is missing: that is a fault of the caller, not of the person.
 */
export function t(key: MessageKey, values?: MessageValues): string {
  const message = en[key]
  if (values === undefined && !message.includes('{')) return message
  return String(messageFormat(key).format(values))
}

/** True when the key has a sentence; for codes that come from outside and may be newer than this window. */
export function hasMessage(key: string): key is MessageKey {
  return Object.hasOwn(en, key)
}

function messageFormat(key: MessageKey): IntlMessageFormat {
  const known = compiled.get(key)
  if (known !== undefined) return known
  const created = new IntlMessageFormat(en[key], formatLocale)
  compiled.set(key, created)
  return created
}
