import type { MeterReading } from './reading.ts'

/** Why an input is no reading. Codes are stable; the sentences below are for people. */
export type RefusalCode =
  | 'empty'
  | 'tooLarge'
  | 'notATelegram'
  | 'halfTelegram'
  | 'encrypted'
  | 'sml'
  | 'checksumWrong'
  | 'checksumMissing'
  | 'lineEndsChanged'
  | 'badNumber'
  | 'badLine'
  | 'contradiction'
  | 'notJson'
  | 'noMeter'

/** An input that is not taken, and why. */
export type Refusal = { readonly code: RefusalCode; readonly message: string }

/** A decoder's answer. Decoders are total: whatever the bytes are, they return one of these and never throw. */
export type Decoded =
  { readonly kind: 'reading'; readonly reading: MeterReading } | { readonly kind: 'refused'; readonly refusal: Refusal }

const sentences: Readonly<Record<RefusalCode, string>> = {
  empty: 'There is nothing to read.',
  tooLarge: 'This is larger than any telegram or message of a meter.',
  notATelegram: 'This is no telegram: no line begins with "/", as the first line of a meter does.',
  halfTelegram: 'The telegram is not complete: the line that begins with "!" is missing. Record it again, whole.',
  encrypted: 'The telegram is encrypted. Ask the grid operator for the key, or for an unencrypted port.',
  sml: 'This is SML, a binary protocol. Read this meter through a Tasmota reader and use the driver tasmota.',
  checksumWrong: 'The checksum of the telegram is wrong: something changed on the way. Check the cable.',
  checksumMissing: 'The telegram has no checksum, though meters of its version always send one.',
  lineEndsChanged: 'The line ends of the telegram were changed on the way (to LF), so its checksum proves nothing.',
  badNumber: 'A register of the telegram holds no number of a known unit.',
  badLine: 'A line of the telegram ends in its middle.',
  contradiction: 'The telegram tells one register twice, so that nobody knows which is right.',
  notJson: 'This is no JSON object.',
  noMeter: 'There is no register of a meter in this.',
}

/** A refusal in plain words. `where` names the line or key that it is about. */
export function refuse(code: RefusalCode, where?: string): Decoded {
  const message = where === undefined ? sentences[code] : `${sentences[code]} It is about ${where}.`
  return { kind: 'refused', refusal: { code, message } }
}
