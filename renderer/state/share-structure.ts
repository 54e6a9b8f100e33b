/**
 * The next value with every part that equals the previous one replaced by the previous object. Snapshots arrive whole and
 * often; with shared parts, a component that selects an unchanged part does not render again.
 * Only for plain data (what crosses the bridge): no cycles, no class instances.
 */
export function shareStructure<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next
  if (previous instanceof Uint8Array && next instanceof Uint8Array) return shareBytes(previous, next) as T
  if (Array.isArray(previous) && Array.isArray(next)) return shareArray(previous, next) as T
  if (isRecord(previous) && isRecord(next)) return shareRecord(previous, next) as T
  return next
}

/** A picture is one value: it is the same as before, or another one. */
function shareBytes(previous: Uint8Array, next: Uint8Array): Uint8Array {
  const isSame = previous.length === next.length && next.every((byte, index) => byte === previous[index])
  return isSame ? previous : next
}

function shareArray(previous: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  const shared = next.map((item, index) => shareStructure(previous[index], item))
  const isSame = previous.length === shared.length && shared.every((item, index) => Object.is(item, previous[index]))
  return isSame ? previous : shared
}

function shareRecord(previous: Record<string, unknown>, next: Record<string, unknown>): Record<string, unknown> {
  const shared = Object.fromEntries(
    Object.entries(next).map(([key, value]) => [key, shareStructure(previous[key], value)]),
  )
  const isSame =
    Object.keys(previous).length === Object.keys(shared).length &&
    Object.entries(shared).every(([key, value]) => Object.hasOwn(previous, key) && Object.is(value, previous[key]))
  return isSame ? previous : shared
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
}
