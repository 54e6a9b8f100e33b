import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { disksFileName, disksFileSchema, homeDiskName, type DiskStatus } from '../../../roles/api/disks.ts'
import { assertUsableDisk } from '../../app/read-disk.ts'
import type { DiskChange } from '../../api/disk-change.ts'
import { untouchedIntent, type DiskIntent, type RoleIntent } from '../../api/settings.ts'
import { changeDisks, diskLabel } from '../../governor/index.ts'
import type { Home } from '../../store/index.ts'
import { showLoss } from './disk-loss.ts'
import { formatBytes, formatTable } from '../output/format.ts'
import { parseSize } from '../output/parse-size.ts'
import { withIntent } from './role-intent.ts'
import { presentRoleDirectory } from './present-role-directory.ts'
import { UsageError } from './usage-error.ts'
import { textOption, type VerbContext, type VerbValues } from './verb.ts'

/** Usage lines of `hearth role disks`. */
export const disksUsage = [
  'role disks',
  'role disks add PATH [--limit SIZE]',
  'role disks move FROM TO',
  'role disks shrink PATH --limit SIZE',
  'role disks remove PATH | keep PATH',
  'role disks lose PATH [--yes]',
  'role disks pause | resume',
] as const

/**
 * `hearth role disks`: shows the disks of storage, or changes what the engine of this home follows. Rejects with
 * DiskChangeError, which says what would be lost, and with UsageError.
 */
export async function roleDisks(context: VerbContext, values: VerbValues, words: readonly string[]): Promise<void> {
  const home = context.home()
  const statuses = await readStatuses(home)
  if (words.length > 0) {
    const change = readChange(words, values)
    const added = change.kind === 'add' ? change.path : change.kind === 'move' ? change.to : null
    if (added !== null) await assertUsableDisk(added)
    if (change.kind === 'lose' && values['yes'] !== true) return showLoss(context, change, statuses)
    await home.settings.update((settings) =>
      withIntent(settings, 'storage', (intent) => changeDisks(intent, change, statuses)),
    )
  }
  const intent = (await home.settings.read()).roles.storage ?? untouchedIntent
  const running = home.holder('engine') !== null
  const disks = intent.disks.map((disk) => ({
    ...disk,
    status: statuses.find(({ path }) => path === disk.path) ?? null,
  }))
  context.output.result({ disks, movesPaused: intent.movesPaused, running }, () => describe(intent, statuses, running))
}

/** Refuses to name another first disk while the present one holds pieces. Throws UsageError. */
export async function assertDiskMayChange(home: Home, path: string | null): Promise<void> {
  const first = ((await home.settings.read()).roles.storage ?? untouchedIntent).disks[0]
  const status = (await readStatuses(home)).find((disk) => disk.path === first?.path)
  if (path === null || path === first?.path || status === undefined || status.pieces === 0) return
  const from = first?.path ?? homeDiskName
  throw new UsageError(
    `${diskLabel(first?.path ?? null)} holds ${status.pieces} pieces.`,
    `Move them: \`hearth role disks move ${from} ${path}\`.`,
  )
}

function readChange([action, first, second, ...more]: readonly string[], values: VerbValues): DiskChange {
  if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many.`)
  const one = (): string | null => {
    if (second !== undefined) throw new UsageError(`"${second}" is one word too many.`)
    return pathOf(first)
  }
  switch (action) {
    case 'add':
      return { kind: 'add', path: one(), limitBytes: limitOf(values) }
    case 'shrink':
      if (textOption(values, 'limit') === null) throw new UsageError('Say the new limit with --limit SIZE.')
      return { kind: 'limit', path: one(), limitBytes: limitOf(values) }
    case 'move':
      return { kind: 'move', path: pathOf(first), to: pathOf(second) }
    case 'remove':
    case 'lose':
    case 'keep':
      return { kind: action, path: one() }
    case 'pause':
      return { kind: 'pauseMoves' }
    case 'resume':
      return { kind: 'resumeMoves' }
    default:
      throw new UsageError(
        `\`hearth role disks\` knows add, move, shrink, remove, lose, keep, pause and resume, not "${action}".`,
      )
  }
}

/** A disk by its full path; `home` is the disk of the home. */
function pathOf(text: string | undefined): string | null {
  if (text === undefined) throw new UsageError(`Name the disk by its folder, or \`${homeDiskName}\`.`)
  return text === homeDiskName ? null : resolve(text)
}

function limitOf(values: VerbValues): number | null {
  const text = textOption(values, 'limit')
  return text === null || text === 'none' ? null : parseSize(text, '--limit')
}

/** What the worker last told of its disks; empty when it never ran. */
async function readStatuses(home: Home): Promise<readonly DiskStatus[]> {
  const folder = await presentRoleDirectory(home, 'storage')
  const text = await readFile(join(folder, disksFileName), 'utf8').catch(() => null)
  if (text === null) return []
  const parsed = disksFileSchema.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data.disks : []
}

function describe(intent: RoleIntent, statuses: readonly DiskStatus[], running: boolean): string[] {
  const rows = intent.disks.map((disk) => {
    const status = statuses.find(({ path }) => path === disk.path)
    return [
      disk.path ?? homeDiskName,
      stateOf(disk, status),
      known(status?.usedBytes, formatBytes),
      disk.limitBytes === null ? 'none' : formatBytes(disk.limitBytes),
      known(status?.freeBytes, formatBytes),
      known(status?.writeBytesPerSecond, (bytes) => `${formatBytes(bytes)}/s`),
      readAgain(status),
    ]
  })
  const moves = intent.disks.flatMap((disk) =>
    moveLines(
      disk,
      statuses.find(({ path }) => path === disk.path),
    ),
  )
  return [
    ...formatTable(['DISK', 'STATE', 'USED', 'LIMIT', 'FREE', 'WRITES', 'READ AGAIN BY'], rows),
    ...moves,
    ...(intent.movesPaused ? ['Moving is paused: `hearth role disks resume` goes on.'] : []),
    ...(running ? [] : ['Hearth does not run here; these are the figures of its last run.']),
  ]
}

function known(bytes: number | null | undefined, format: (bytes: number) => string): string {
  return bytes === null || bytes === undefined ? '?' : format(bytes)
}

function stateOf(disk: DiskIntent, status: DiskStatus | undefined): string {
  if (disk.lost === true) return 'lost'
  if (disk.leaving) return 'leaving'
  return status?.state ?? 'not seen yet'
}

function readAgain(status: DiskStatus | undefined): string {
  const scrub = status?.scrub
  if (scrub === undefined || scrub === null) return '?'
  if (scrub.late === 'diskTooLarge') return 'too large for 30 days'
  if (scrub.late === 'offTooLong') return 'late: this computer was off too long'
  const day = scrub.readAgainByMs === null ? '-' : new Date(scrub.readAgainByMs).toISOString().slice(0, 10)
  return `${day} (${Math.floor(scrub.share * 100)} % done)`
}

function moveLines(disk: DiskIntent, status: DiskStatus | undefined): string[] {
  const move = status?.move
  if (move === undefined || move === null) return []
  const left = `${formatBytes(move.bytesLeft)} still to move from ${diskLabel(disk.path)}`
  const speed = move.bytesPerSecond === null ? '' : ` at ${formatBytes(move.bytesPerSecond)}/s`
  const end = move.endsAtMs === null ? '' : `, about ${minutesLeft(move.endsAtMs)} left`
  const stuck =
    move.withoutRoomBytes > 0
      ? [
          `${formatBytes(move.withoutRoomBytes)} of it have no room elsewhere: they leave when their customers end or this node exits. Nothing new is taken there until then.`,
        ]
      : []
  return [`${left}${speed}${end}.`, ...stuck]
}

function minutesLeft(endsAtMs: number): string {
  const minutes = Math.max(1, Math.ceil((endsAtMs - Date.now()) / 60_000))
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`
}
