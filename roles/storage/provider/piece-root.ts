import { bytes32Schema } from '../../api/values.ts'

/** A piece's root as text; always `0x` and 64 lower-case digits, so it can be a file name on every system. */
export type RootText = `0x${string}`

/** The text form of 32 bytes. */
export function rootText(root: Uint8Array): RootText {
  return `0x${Buffer.from(root.buffer, root.byteOffset, root.length).toString('hex')}`
}

/** Checks text that comes from a database or the chain. Throws ZodError for anything that is not a root. */
export function parseRoot(text: string): RootText {
  return bytes32Schema.parse(text.toLowerCase()) as RootText
}
