import { decodeShelly } from './json/decode-shelly.ts'
import { decodeTasmota } from './json/decode-tasmota.ts'
import { decodeZigbee2mqtt } from './json/decode-zigbee2mqtt.ts'
import { decodeP1 } from './p1/decode-p1.ts'
import { refuse, type Decoded } from './refusal.ts'

/** Kinds of recorded input that can be decoded. `p1` also takes D0. */
export const decoders = {
  p1: decodeP1,
  tasmota: decodeTasmota,
  shelly: decodeShelly,
  zigbee2mqtt: decodeZigbee2mqtt,
} as const satisfies Readonly<Record<string, (bytes: Uint8Array, receivedMs: number) => Decoded>>

export type DecoderName = keyof typeof decoders

/** True for the name of a decoder. */
export function isDecoderName(name: string): name is DecoderName {
  return Object.hasOwn(decoders, name)
}

/** A telegram has a few kilobytes; a broker's or a file's megabytes are none. */
export const longestInputBytes = 1 << 20

/** Decodes one recorded telegram or message into the normal form. Pure and total. */
export function decodeMeter(driver: DecoderName, bytes: Uint8Array, receivedMs: number): Decoded {
  if (bytes.length > longestInputBytes) return refuse('tooLarge')
  return decoders[driver](bytes, receivedMs)
}
