import type { Disk } from '../api/inventory.ts'
import type { Suitability } from '../api/snapshot.ts'

const gib = 1024 ** 3

/** Below this a disk has no room for even a day of pieces from a few customers. */
const minimumUsefulBytes = 1 * gib
/** From here on a disk is called roomy. */
const roomyBytes = 50 * gib
/** A piece of 17 MiB must be written and synced while its customer waits: below this it takes seconds. */
const slowWriteBytesPerSecond = 10 * 1024 * 1024
/** From here on writing is never what a home connection waits for. */
const fastWriteBytesPerSecond = 80 * 1024 * 1024
/** What is suggested of the room that is left beside the reserve. */
const suggestedShare = 0.5

/** What a disk was measured to do; null = not measured yet. `failed`: a small test file could not be written. */
export type WriteMeasurement =
  { readonly kind: 'measured'; readonly bytesPerSecond: number } | { readonly kind: 'failed' } | null

/**
 * The verdict on one disk for storage with its reasons: pure, from what was detected and measured.
 *
 * `unsuitable` means that storage cannot work there at all; `poor` that it would, badly; limits are in bytes and leave
 * the reserve free.
 */
export function judgeDisk(disk: Disk, measurement: WriteMeasurement, reserveBytes: number): Suitability {
  const roomBytes = Math.max(0, Math.floor(disk.freeBytes - reserveBytes))
  const reasons = reasonsOf(disk, measurement, roomBytes)
  const usable = verdictOf(reasons)
  const maximumLimitBytes = usable === 'unsuitable' ? 0 : roomBytes
  return {
    mount: disk.mount,
    verdict: usable,
    reasons,
    writeBytesPerSecond: measurement?.kind === 'measured' ? measurement.bytesPerSecond : null,
    suggestedLimitBytes: Math.floor(maximumLimitBytes * suggestedShare),
    maximumLimitBytes,
  }
}

type Reason = Suitability['reasons'][number]

function reasonsOf(disk: Disk, measurement: WriteMeasurement, roomBytes: number): Reason[] {
  const speed = measurement?.kind === 'measured' ? measurement.bytesPerSecond : null
  const found: readonly (readonly [Reason, boolean])[] = [
    ['readOnly', disk.readOnly],
    ['notWritable', measurement?.kind === 'failed' && !disk.readOnly],
    ['failing', disk.health === 'failing'],
    ['littleSpace', roomBytes < minimumUsefulBytes],
    ['removable', disk.kind === 'removable'],
    ['networkDisk', disk.kind === 'network'],
    ['slowWrite', speed !== null && speed < slowWriteBytesPerSecond],
    ['fastWrite', speed !== null && speed >= fastWriteBytesPerSecond],
    ['roomy', roomBytes >= roomyBytes],
  ]
  return found.filter(([, applies]) => applies).map(([reason]) => reason)
}

function verdictOf(reasons: readonly Reason[]): Suitability['verdict'] {
  const has = (...wanted: readonly Reason[]) => wanted.some((reason) => reasons.includes(reason))
  if (has('readOnly', 'notWritable', 'failing', 'littleSpace')) return 'unsuitable'
  if (has('slowWrite', 'networkDisk')) return 'poor'
  if (has('removable')) return 'fair'
  return has('roomy', 'fastWrite') ? 'good' : 'fair'
}
