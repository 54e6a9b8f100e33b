import { hashInto } from '@chainsafe/hashtree'
import type { Hasher } from '../protocol/hasher.ts'

/** The native tree hasher; about fifty times node:crypto on 64-byte inputs. */
export const hashtreeHasher: Hasher = {
  hashPairs(input, output) {
    hashInto(input, output)
  },
}
