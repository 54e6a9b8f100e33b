import { useState } from 'react'
import type { RoleView } from '../../state/snapshot.ts'

/** What is used when nobody has chosen; the governor's `usualGpuShare`. */
export const usualShare = 0.75
/** Less would not finish a part of a picture in time. */
export const leastShare = 0.1

export type ShareChoice = {
  readonly share: number
  readonly changed: boolean
  choose(share: number): void
  reset(): void
  /** The choice as main takes it. */
  toLimits(): { readonly diskPath: null; readonly diskLimitBytes: null; readonly gpuShare: number }
}

/** A choice that follows what is in force until the person touches it. */
export function useShareChoice(intent: RoleView['intent']): ShareChoice {
  const [draft, setDraft] = useState<number | null>(null)
  const inForce = intent.gpuShare ?? usualShare
  const share = draft ?? inForce
  return {
    share,
    changed: draft !== null && draft !== inForce,
    choose: setDraft,
    reset: () => setDraft(null),
    toLimits: () => ({ diskPath: null, diskLimitBytes: null, gpuShare: share }),
  }
}
