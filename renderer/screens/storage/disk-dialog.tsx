import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { t } from '../../format/message.ts'
import { bytesPerGigabyte } from '../../format/number.ts'
import { runCommand } from '../../state/commands.ts'
import type { DiskChange, RoleView } from '../../state/snapshot.ts'
import type { ShownDisk } from './describe-disk.ts'
import { GigabyteField, PlaceField, usePlaces } from './disk-fields.tsx'

/** What is being asked about the disks. */
export type DiskQuestion =
  { readonly kind: 'add' } | { readonly kind: 'limit' | 'move' | 'remove' | 'lose'; readonly disk: ShownDisk }

type DiskDialogProps = {
  readonly question: DiskQuestion | null
  readonly intent: RoleView['intent']
  readonly onClose: () => void
}

/** Asks what is needed for one change of the disks, with its consequence, and sends it. */
export function DiskDialog({ question, intent, onClose }: DiskDialogProps): ReactElement | null {
  // What was typed belongs to one question; the next begins empty.
  return question === null ? null : <Question key={question.kind} {...{ question, intent, onClose }} />
}

function Question({ question, intent, onClose }: DiskDialogProps & { question: DiskQuestion }): ReactElement {
  const [place, setPlace] = useState<string | null>(null)
  const [folder, setFolder] = useState('')
  const [gigabytes, setGigabytes] = useState(initialGigabytes(question))
  const places = usePlaces(question, intent)
  const chosen = place ?? places[0]?.value ?? null
  const change = toChange(question, { place: chosen, folder, gigabytes })
  const placeLabel = question.kind === 'move' ? t('disks.move.to') : t('disks.add.title')
  const asksPlace = question.kind === 'add' || question.kind === 'move'
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
      title={t(`disks.${question.kind}.title`)}
      description={describe(question)}
      actions={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button
            tone={question.kind === 'remove' || question.kind === 'lose' ? 'danger' : 'primary'}
            disabled={change === null}
            onClick={() => {
              if (change !== null) void runCommand('disks:change', change)
              onClose()
            }}
          >
            {t(`disks.${question.kind}.confirm`)}
          </Button>
        </>
      }
    >
      {asksPlace && (
        <PlaceField {...{ label: placeLabel, places, chosen, folder, onChoose: setPlace, onFolder: setFolder }} />
      )}
      {(question.kind === 'add' || question.kind === 'limit') && (
        <GigabyteField text={gigabytes} onChange={setGigabytes} />
      )}
    </Dialog>
  )
}

function describe(question: DiskQuestion): string {
  if (question.kind === 'lose') {
    const { pieces = 0, customers = 0 } = question.disk.status ?? {}
    return t('disks.lose.text', { pieces, customers })
  }
  if (question.kind !== 'remove') return t(`disks.${question.kind}.text`)
  return t('disks.remove.text', { pieces: question.disk.status?.pieces ?? 0 })
}

function initialGigabytes(question: DiskQuestion): string {
  const limitBytes = question.kind === 'add' ? null : question.disk.intent.limitBytes
  return String(Math.max(1, Math.round((limitBytes ?? 10 * bytesPerGigabyte) / bytesPerGigabyte)))
}

/** The change that is asked for, or null while something is missing. */
function toChange(
  question: DiskQuestion,
  given: { readonly place: string | null; readonly folder: string; readonly gigabytes: string },
): DiskChange | null {
  const limit = Number(given.gigabytes)
  const limitBytes =
    given.gigabytes.trim() !== '' && limit >= 1 && Number.isFinite(limit) ? Math.round(limit * bytesPerGigabyte) : null
  const path = pathOfPlace(given)
  switch (question.kind) {
    case 'add':
      return path === undefined || limitBytes === null ? null : { kind: 'add', path, limitBytes }
    case 'limit':
      return limitBytes === null ? null : { kind: 'limit', path: question.disk.intent.path, limitBytes }
    case 'move':
      return path === undefined ? null : { kind: 'move', path: question.disk.intent.path, to: path }
    case 'remove':
    case 'lose':
      return { kind: question.kind, path: question.disk.intent.path }
  }
}

/** Undefined while no place is chosen; null is the disk of the app. */
function pathOfPlace({ place, folder }: { place: string | null; folder: string }): string | null | undefined {
  if (place === null) return undefined
  if (place === 'home') return null
  if (place !== 'folder') return place
  return folder.trim() === '' ? undefined : folder.trim()
}
