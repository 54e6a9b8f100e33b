/**
 * Bytes of the RLP list that begins here, its header included; null when this is no list or the header is not there yet
 * (Ethereum yellow paper, appendix B).
 */
export function rlpLength(bytes: Uint8Array): number | null {
  const first = bytes[0]
  if (first === undefined || first < 0xc0) return null
  if (first <= 0xf7) return 1 + first - 0xc0
  const digits = first - 0xf7
  if (digits > 4 || bytes.length < 1 + digits) return null
  return 1 + digits + bytes.subarray(1, 1 + digits).reduce((length, byte) => length * 256 + byte, 0)
}
