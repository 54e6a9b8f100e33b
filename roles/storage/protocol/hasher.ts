/**
 * SHA-256 of many 64-byte pairs at once; handed in, so that `protocol/` needs no native code.
 *
 * `input` holds n pairs of 32-byte nodes (n * 64 bytes), `output` receives n digests (n * 32 bytes). They never overlap.
 */
export type Hasher = { hashPairs(input: Uint8Array, output: Uint8Array): void }
