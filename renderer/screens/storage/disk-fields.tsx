import { useId } from 'react'
import type { ReactElement } from 'react'
import { RadioCards } from '../../components/radio-cards.tsx'
import type { RadioCard } from '../../components/radio-cards.tsx'
import { t } from '../../format/message.ts'
import { formatBytes } from '../../format/number.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { diskOptions } from './choose-disk.ts'
import { nameOfPath } from './describe-disk.ts'
import type { DiskQuestion } from './disk-dialog.tsx'

const field = 'h-11 w-full rounded-xl border border-edge bg-surface px-3 aria-invalid:border-rust'

/** Places to add or to move to, by `home`, a path, or `folder` for one that is typed. */
export function usePlaces(question: DiskQuestion, intent: RoleView['intent']): readonly RadioCard<string>[] {
  const disks = useSnapshot((snapshot) => snapshot.inventory?.disks ?? null)
  const suitability = useSnapshot((snapshot) => snapshot.suitability)
  const used = intent.disks.map(({ path }) => path ?? 'home')
  const detected = diskOptions(disks ?? [], suitability).map(({ mount, disk, usable }) => ({
    value: disk.holdsHome ? 'home' : mount,
    title: disk.holdsHome ? nameOfPath(null) : nameOfPath(mount),
    text: t('hardware.disk.free', { free: formatBytes(disk.freeBytes), size: formatBytes(disk.sizeBytes) }),
    disabled: !usable,
  }))
  const fresh = detected.filter(({ value, disabled }) => !used.includes(value) && !disabled)
  const folder = { value: 'folder', title: t('disks.add.folder') }
  if (question.kind !== 'move') return [...fresh, folder]
  const from = question.disk.intent.path ?? 'home'
  const others = intent.disks
    .filter(({ path, leaving }) => (path ?? 'home') !== from && !leaving)
    .map(({ path }) => ({ value: path ?? 'home', title: nameOfPath(path) }))
  return [...others, ...fresh, folder]
}

type PlaceFieldProps = {
  readonly label: string
  readonly places: readonly RadioCard<string>[]
  readonly chosen: string | null
  readonly folder: string
  readonly onChoose: (place: string) => void
  readonly onFolder: (folder: string) => void
}

/** One place out of those found, or a folder that is typed. */
export function PlaceField({ label, places, chosen, folder, onChoose, onFolder }: PlaceFieldProps): ReactElement {
  const id = useId()
  return (
    <div className="mt-5 flex flex-col gap-4">
      <RadioCards label={label} value={chosen ?? ''} options={places} onChoose={onChoose} />
      {chosen === 'folder' && (
        <div>
          <label htmlFor={id} className="mb-1 block font-medium">
            {t('disks.add.folderPath')}
          </label>
          <input
            id={id}
            type="text"
            spellCheck={false}
            value={folder}
            onChange={(event) => onFolder(event.currentTarget.value)}
            className={field}
          />
        </div>
      )}
    </div>
  )
}

/** A number of gigabytes, at least one. */
export function GigabyteField({ text, onChange }: { text: string; onChange: (text: string) => void }): ReactElement {
  const id = useId()
  const valid = text.trim() !== '' && Number(text) >= 1
  return (
    <div className="mt-5">
      <label htmlFor={id} className="mb-1 block font-medium">
        {t('disks.limitField')}
      </label>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        value={text}
        aria-invalid={!valid}
        aria-describedby={valid ? undefined : `${id}-problem`}
        onChange={(event) => onChange(event.currentTarget.value)}
        className={field}
      />
      {!valid && (
        <p id={`${id}-problem`} role="alert" className="mt-1 text-sm text-rust">
          {t('disks.limitProblem')}
        </p>
      )}
    </div>
  )
}
