import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** Where a simulated disk may lie: in memory where the system has such a place, since its syncs prove nothing anyway. */
export function volatileFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}
