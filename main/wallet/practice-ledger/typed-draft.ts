import { hashTypedMessage } from './typed-message.ts'
import type { TypedHashes, TypedPart } from './typed-message.ts'

/** More than any message of the vendor's own tests has; the real app runs out of memory before. */
const maximumParts = 1_000

/** The parts of a typed message that have come so far. */
export type TypedDraft = {
  /** Takes the next part; false when there are too many, which ends the message. */
  add(part: TypedPart): boolean
  /** Ends the message: what is to be signed, or null when the parts make none. */
  end(): TypedHashes | null
  /** Forgets all parts. */
  clear(): void
}

export function createTypedDraft(): TypedDraft {
  let parts: readonly TypedPart[] = []
  return {
    add(part) {
      // Types come before values: a type after a value begins another message.
      const begins = part.kind === 'type' && parts.some(({ kind }) => kind === 'root')
      parts = begins ? [part] : [...parts, part]
      const fits = parts.length <= maximumParts
      if (!fits) parts = []
      return fits
    },
    end() {
      const hashes = hashTypedMessage(parts)
      parts = []
      return hashes
    },
    clear() {
      parts = []
    },
  }
}
