/** Longest bytes that libp2p has signed here: a peer record with every address a machine can have. */
const longestBytes = 16 * 1024

const text = (value: string) => new TextEncoder().encode(value)

/** What libp2p puts before the bytes of each thing that an identity signs, so that no signature serves two purposes. */
const domains = [
  /** TLS specification of libp2p: this prefix, then the certificate's public key as DER. */
  { name: 'tls', prefix: text('libp2p-tls-handshake:') },
  /** Noise specification of libp2p: this prefix, then the 32-byte static key. */
  { name: 'noise', prefix: text('noise-libp2p-static-key:') },
  /** RFC 0002 signed envelopes: the domain with its length before it. RFC 0003: peer records. */
  { name: 'peerRecord', prefix: lengthPrefixed('libp2p-peer-record') },
  /** Circuit relay v2: reservation vouchers. */
  { name: 'relayVoucher', prefix: lengthPrefixed('libp2p-relay-rsvp') },
] as const

export type Libp2pDomain = (typeof domains)[number]['name']

/** The domain that bytes belong to, or null when a role key must not sign them. */
export function libp2pDomainOf(bytes: Uint8Array): Libp2pDomain | null {
  if (bytes.length > longestBytes) return null
  return domains.find(({ prefix }) => startsWith(bytes, prefix))?.name ?? null
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length > prefix.length && prefix.every((byte, index) => bytes[index] === byte)
}

/** Envelopes carry lengths as unsigned varints, which are one byte below 128. */
function lengthPrefixed(value: string): Uint8Array {
  const encoded = text(value)
  return new Uint8Array([encoded.length, ...encoded])
}
