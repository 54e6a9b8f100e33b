import { HardDrive } from 'lucide-react'
import type { ReactElement } from 'react'
import { EmptyState } from '../../components/empty-state.tsx'
import { RadioCards } from '../../components/radio-cards.tsx'
import { diskName } from '../../format/disk.ts'
import { t } from '../../format/message.ts'
import { formatBytes } from '../../format/number.ts'
import { clampLimit, suggestedLimit } from './choose-disk.ts'
import type { DiskOption } from './choose-disk.ts'
import { LimitField } from './limit-field.tsx'
import type { DiskChoiceState } from './use-disk-choice.ts'

/** Where the pieces go and how much room they may take; the same in the question and on the page. */
export function DiskAndLimit({ state }: { state: DiskChoiceState }): ReactElement {
  const { options, choice } = state
  const chosen = options.find(({ mount }) => mount === choice?.mount)
  if (choice === null || chosen === undefined) {
    return <EmptyState icon={<HardDrive />} title={t('storage.limits.noDisk')} text={t('hardware.disks.noneText')} />
  }
  return (
    <div className="flex flex-col gap-5">
      <RadioCards
        label={t('storage.limits.disk')}
        value={choice.mount}
        options={options.map(toCard)}
        onChoose={(mount) => state.choose(choiceOf(options, mount))}
      />
      <LimitField
        option={chosen}
        limitBytes={choice.limitBytes}
        onChange={(limitBytes) => state.choose({ mount: choice.mount, limitBytes })}
        onValid={state.setValid}
      />
    </div>
  )
}

function choiceOf(options: readonly DiskOption[], mount: string): { mount: string; limitBytes: number | null } {
  const option = options.find((candidate) => candidate.mount === mount)
  return { mount, limitBytes: option === undefined ? null : clampLimit(option, suggestedLimit(option)) }
}

function toCard({ mount, disk, suitability, usable }: DiskOption): {
  value: string
  title: string
  text: string
  disabled: boolean
} {
  const free = t('hardware.disk.free', { free: formatBytes(disk.freeBytes), size: formatBytes(disk.sizeBytes) })
  const verdict = suitability === null ? t('storage.verdict.none') : t(`storage.verdict.${suitability.verdict}`)
  return { value: mount, title: diskName(mount), text: `${free} · ${verdict}`, disabled: !usable }
}
