import { useMemo, useState } from 'react'
import { useSnapshot } from '../../state/snapshot.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { diskOptions, initialChoice, pathOfChoice } from './choose-disk.ts'
import type { DiskChoice, DiskOption } from './choose-disk.ts'

export type DiskChoiceState = {
  readonly options: readonly DiskOption[]
  /** What is shown: what the person chose, else what is in force; null when no disk can be used. */
  readonly choice: DiskChoice | null
  readonly changed: boolean
  /** False while the field shows a number that cannot be the limit. */
  readonly valid: boolean
  choose(choice: DiskChoice): void
  setValid(valid: boolean): void
  /** Forgets what was chosen but not saved. */
  reset(): void
  /** The choice as main takes it. */
  toLimits(): { readonly diskPath: string | null; readonly diskLimitBytes: number | null }
}

/** A choice of disk and limit that follows what is in force until the person touches it. */
export function useDiskChoice(intent: RoleView['intent']): DiskChoiceState {
  const disks = useSnapshot((snapshot) => snapshot.inventory?.disks ?? null)
  const suitability = useSnapshot((snapshot) => snapshot.suitability)
  const [draft, setDraft] = useState<DiskChoice | null>(null)
  const [valid, setValid] = useState(true)
  const options = useMemo(() => diskOptions(disks ?? [], suitability), [disks, suitability])
  const inForce = useMemo(() => initialChoice(options, intent), [options, intent])
  const choice = draft ?? inForce
  const replaceDraft = (next: DiskChoice | null): void => {
    setDraft(next)
    setValid(true)
  }
  return {
    options,
    choice,
    changed: draft !== null && (draft.mount !== inForce?.mount || draft.limitBytes !== inForce.limitBytes),
    valid,
    choose: replaceDraft,
    setValid,
    reset: () => replaceDraft(null),
    toLimits: () => ({
      diskPath: choice === null ? (intent.disks[0]?.path ?? null) : pathOfChoice(options, choice, intent),
      diskLimitBytes: choice?.limitBytes ?? null,
    }),
  }
}
