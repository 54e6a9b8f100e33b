import { hashInto } from '@chainsafe/hashtree'
import type { Hasher } from '../protocol/hasher.ts'

/** The native tree hasher for the provider's process. */
export const hasher: Hasher = { hashPairs: (input, output) => hashInto(input, output) }
