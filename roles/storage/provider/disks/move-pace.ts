import type { Allowance } from '../../../api/allowance.ts'

/** Fast enough for a terabyte in a few hours, slow enough that proofs and downloads find the disk free. */
const fullBytesPerSecond = 64 * 1024 * 1024

/** Why work may rest although the disk itself is the reason: pieces then move all the more. */
const diskReasons: readonly Allowance['reason'][] = [
  'diskReserveReached',
  'diskLimitReached',
  'diskReadOnly',
  'diskUnavailable',
]

/** True while the person or the governor wants this computer for something else. */
export function wantsPeace(allowance: Allowance): boolean {
  return allowance.work === 'paused' && !diskReasons.includes(allowance.reason)
}

/** Bytes a second at which pieces may move between disks; 0 while they wait. */
export function moveBytesPerSecond(allowance: Allowance): number {
  if (allowance.movesPaused === true || wantsPeace(allowance)) return 0
  return Math.round(fullBytesPerSecond * (allowance.cpuShare ?? 1))
}
