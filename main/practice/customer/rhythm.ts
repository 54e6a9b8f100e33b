/** What the practice customer remembers of a file that it stored. */
export type StoredFile = {
  /** Name of the manifest in the customer's folder. */
  readonly manifest: string
  readonly sha256: string
  readonly bytes: number
  readonly nodes: readonly string[]
}

/** What the customer knows when it decides. */
export type CustomerView = {
  readonly nowMs: number
  readonly files: readonly StoredFile[]
  /** Nodes of homes that are registered, not revoked and not known to be away. */
  readonly homeNodes: readonly string[]
  readonly lastPutAtMs: number | null
  readonly lastGetAtMs: number | null
  readonly lastTopUpAtMs: number | null
  readonly lastAuditAtMs: number | null
}

export type CustomerAct =
  | { readonly kind: 'put'; readonly bytes: number; readonly mustInclude: readonly string[] }
  | { readonly kind: 'get'; readonly file: StoredFile }
  | { readonly kind: 'topUp' }
  | { readonly kind: 'audit' }
  | { readonly kind: 'wait' }

const MiB = 1024 * 1024

/** A home's first file: large enough that its pay is seen, small enough to arrive in a second or two. */
const firstFileBytes = 8 * MiB
const smallestFileBytes = MiB
const largestFileBytes = 4 * MiB
const putEveryMs = 120_000
const getEveryMs = 45_000
const topUpEveryMs = 60_000
/** Once in a few practice periods: often enough to be seen, seldom enough for two cores. */
const auditEveryMs = 75_000
/** Files on the network at most, so that a practice that runs for weeks does not fill the disk. */
const mostFiles = 100

/**
 * What the practice customer does next. A home without a file of ours comes before everything; then the regular rhythm of
 * topping up, storing and reading back. `random` is in [0, 1).
 */
export function decideNext(view: CustomerView, random: () => number): CustomerAct {
  const served = new Set(view.files.flatMap((file) => file.nodes.map((node) => node.toLowerCase())))
  const unserved = view.homeNodes.filter((node) => !served.has(node.toLowerCase()))
  if (unserved.length > 0) return { kind: 'put', bytes: firstFileBytes, mustInclude: unserved }
  if (isDue(view.lastTopUpAtMs, topUpEveryMs, view.nowMs) && view.files.length > 0) return { kind: 'topUp' }
  if (view.files.length < mostFiles && isDue(view.lastPutAtMs, putEveryMs, view.nowMs)) {
    const bytes = smallestFileBytes + Math.floor(random() * (largestFileBytes - smallestFileBytes))
    return { kind: 'put', bytes, mustInclude: view.homeNodes }
  }
  const file = view.files[Math.floor(random() * view.files.length)]
  if (file !== undefined && isDue(view.lastGetAtMs, getEveryMs, view.nowMs)) return { kind: 'get', file }
  if (view.files.length > 0 && isDue(view.lastAuditAtMs, auditEveryMs, view.nowMs)) return { kind: 'audit' }
  return { kind: 'wait' }
}

function isDue(lastAtMs: number | null, everyMs: number, nowMs: number): boolean {
  return lastAtMs === null || nowMs - lastAtMs >= everyMs
}
