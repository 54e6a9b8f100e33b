import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  leaveFileName,
  leaveFileSchema,
  periodsToLeave,
  type LeaveStatus,
  type LeavingSet,
} from '../../../roles/api/leaving.ts'
import { untouchedIntent } from '../../api/settings.ts'
import type { Home } from '../../store/index.ts'
import { formatBytes, formatTable, formatWei } from '../output/format.ts'
import { withIntent } from './role-intent.ts'
import { presentRoleDirectory } from './present-role-directory.ts'
import { UsageError } from './usage-error.ts'
import type { VerbContext, VerbValues } from './verb.ts'

/** Usage lines of `hearth role leave`. */
export const leaveUsage = ['role leave storage [--yes] [--forfeit]', 'role leave storage --cancel'] as const

/**
 * `hearth role leave storage`: says first what leaving means; with --yes the engine of this home leaves, with --cancel what
 * has not gone yet stays. Asked again it shows how far it is. Rejects with UsageError.
 */
export async function roleLeave(context: VerbContext, values: VerbValues, words: readonly string[]): Promise<void> {
  if (words.length !== 1 || words[0] !== 'storage') throw new UsageError('Say `hearth role leave storage`.')
  const [yes, cancel, forfeit] = [values['yes'] === true, values['cancel'] === true, values['forfeit'] === true]
  if (cancel && (yes || forfeit)) throw new UsageError('--cancel stands alone.')
  const home = context.home()
  const status = await readLeaveStatus(home)
  if (yes && (await home.settings.read()).roles.storage?.on !== true) {
    throw new UsageError(
      'Storage is switched off: it can hand nothing over.',
      'Switch it on first: `hearth role start storage`.',
    )
  }
  if (yes || cancel) {
    const leaving = yes ? { askedAtMs: Date.now(), forfeit } : null
    await home.settings.update((settings) => withIntent(settings, 'storage', (intent) => ({ ...intent, leaving })))
  }
  const { leaving } = (await home.settings.read()).roles.storage ?? untouchedIntent
  const running = home.holder('engine') !== null
  context.output.result({ asked: leaving !== null, forfeit: leaving?.forfeit ?? false, running, status }, () => [
    ...describe(status),
    ...nextStep({ asked: leaving !== null, cancelled: cancel, running, status }),
  ])
}

/** What the worker last told; null when it never ran. */
export async function readLeaveStatus(home: Home): Promise<LeaveStatus | null> {
  const folder = await presentRoleDirectory(home, 'storage')
  const text = await readFile(join(folder, leaveFileName), 'utf8').catch(() => null)
  const parsed = text === null ? null : leaveFileSchema.safeParse(JSON.parse(text))
  return parsed?.success === true ? parsed.data.leaving : null
}

function describe(status: LeaveStatus | null): string[] {
  if (status === null) return ['Storage has not run here yet; nothing is known of what it holds.']
  if (status.sets.length === 0) return ['Nothing is held for anybody.']
  const pay = status.sets.reduce((sum, set) => sum + BigInt(set.periodPayWei), 0n)
  const refused = status.sets.filter((set) => set.state === 'noHeir')
  const lost = refused.reduce((sum, set) => sum + BigInt(set.periodPayWei), 0n)
  const speed = status.bytesPerSecond === null ? '' : ` At the measured speed: ${timeOf(status)}.`
  return [
    ...formatTable(
      ['CUSTOMER', 'PIECES', 'BYTES', 'PAY A PERIOD', 'STATE'],
      status.sets.map((set) => [
        set.customer,
        String(set.pieces),
        formatBytes(set.bytes),
        formatWei(BigInt(set.periodPayWei), ''),
        stateOf(set),
      ]),
    ),
    `To hand over: ${status.pieces} pieces, ${formatBytes(status.bytes)}. It lasts ${lengthOf(status)}.${speed}`,
    `Earned at the end: ${formatWei(pay, '')} for the running period, ${formatWei(BigInt(status.unredeemedWei), '')} for downloads.`,
    ...(refused.length === 0
      ? []
      : [
          `Nobody takes ${refused.length} of the sets now. Giving them up costs their running period, ${formatWei(lost, '')}, and one fault each: add --forfeit.`,
        ]),
  ]
}

/** By contract 64 pieces of one customer go in a period, whatever the line could carry. */
function lengthOf({ sets, periodSeconds }: LeaveStatus): string {
  const periods = periodsToLeave(sets)
  const period = `${Math.ceil(periodSeconds / 60)} min`
  if (periods <= 1) return `at least to the end of the running period of ${period}`
  const days = (periods * periodSeconds) / (24 * 3600)
  const total = days < 1 ? `${Math.ceil((periods * periodSeconds) / 3600)} h` : `${Math.ceil(days)} days`
  return `at least ${periods} periods of ${period}, ${total} in all, since 64 pieces of a customer may go in each`
}

function timeOf({ bytes, bytesPerSecond }: LeaveStatus): string {
  return `${Math.max(1, Math.ceil(bytes / Math.max(1, bytesPerSecond ?? 1) / 60))} min`
}

function stateOf(set: LeavingSet): string {
  switch (set.state) {
    case 'held':
      return 'held'
    case 'handingOver':
      return set.heir === null ? 'being sent' : `going to ${set.heir}`
    case 'noHeir':
      return 'nobody takes it'
    case 'lastPeriod':
      return 'handed over, last period'
  }
}

function nextStep(facts: {
  asked: boolean
  cancelled: boolean
  running: boolean
  status: LeaveStatus | null
}): string[] {
  const { asked, cancelled, running, status } = facts
  if (cancelled) return ['Leaving is cancelled. What was handed over stays there; the rest goes on as before.']
  if (!asked) return ['Nothing has been started. To leave: `hearth role leave storage --yes`.']
  if (status?.state === 'done') {
    return ['Storage has left: nothing is held any more. Switch it off with `hearth role stop storage`.']
  }
  const going = 'Leaving is under way; `--cancel` stops it for all that has not gone yet.'
  return running ? [going] : [going, 'Hearth does not run here: start the app or `hearth node`, else nothing moves.']
}
