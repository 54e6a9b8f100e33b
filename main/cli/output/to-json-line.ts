/** A value as one JSON line: amounts (bigint) become decimal strings, what is unknown (undefined) becomes null. */
export function toJsonLine(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return item.toString()
    return item === undefined ? null : item
  })
}
