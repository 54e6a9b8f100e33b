import type { Allowance } from '../../../api/allowance.ts'

/** An allowance without limits. */
export const everythingAllowed: Allowance = {
  work: 'full',
  reason: 'allowed',
  resumesAtMs: null,
  diskLimitBytes: 1024 * 1024 * 1024,
  diskReserveBytes: 0,
  uploadBytesPerSecond: null,
  downloadBytesPerSecond: null,
  cpuShare: null,
}
