/** An account in groups of four characters, in full: an account is never shortened where money goes to it. */
export function groupAddress(address: string): string {
  const digits = address.replace(/^0x/, '')
  return ['0x', ...(digits.match(/.{1,4}/g) ?? [])].join(' ')
}

/** First and last characters of a long identifier, for lists where only recognition matters, never for payouts. */
export function shortenIdentifier(identifier: string): string {
  return identifier.length <= 14 ? identifier : `${identifier.slice(0, 8)}…${identifier.slice(-4)}`
}
