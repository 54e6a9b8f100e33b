import { shownTarget } from '../../../resources/meters/index.ts'
import { roleNameSchema, roleNames, type RoleName } from '../../../roles/api/roles.ts'
import { untouchedDisk, untouchedIntent, type RoleIntent, type Settings } from '../../api/settings.ts'
import { usualGpuShare } from '../../governor/index.ts'
import type { Home } from '../../store/index.ts'
import { formatBytes, formatTable } from '../output/format.ts'
import { parseSize, parseWholeNumber } from '../output/parse-size.ts'
import { assertDiskMayChange, disksUsage, roleDisks } from './role-disks.ts'
import { withIntent } from './role-intent.ts'
import { leaveUsage, roleLeave } from './role-leave.ts'
import { UsageError } from './usage-error.ts'
import { textOption, type Verb, type VerbContext, type VerbValues } from './verb.ts'

/** Roles that this version can run; the others are refused in words instead of waiting for ever. */
export const runnableRoles: readonly RoleName[] = ['storage', 'render', 'energy']

/** `hearth role`: writes the intent that the engine of this home watches; nothing else is needed to be running. */
export const role: Verb = {
  name: 'role',
  summary: 'list roles, switch them on and off, set their limits',
  usage: [
    'role list',
    'role start ROLE [--disk DIR] [--limit SIZE]',
    'role stop ROLE',
    'role limits ROLE [--disk DIR] [--limit SIZE] [--upload SIZE] [--download SIZE]',
    'role limits render --gpu-share PERCENT',
    ...disksUsage,
    ...leaveUsage,
  ],
  options: {
    disk: { type: 'string' },
    limit: { type: 'string' },
    upload: { type: 'string' },
    download: { type: 'string' },
    'gpu-share': { type: 'string' },
    yes: { type: 'boolean' },
    forfeit: { type: 'boolean' },
    cancel: { type: 'boolean' },
  },
  async run(context, { values, positionals }) {
    const [action, name, ...more] = positionals
    if (action === 'disks') return roleDisks(context, values, positionals.slice(1))
    if (action === 'leave') return roleLeave(context, values, positionals.slice(1))
    if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many.`)
    if (action === 'list' && name === undefined) return list(context)
    if (action !== 'start' && action !== 'stop' && action !== 'limits') {
      throw new UsageError('Say `hearth role list`, `start ROLE`, `stop ROLE` or `limits ROLE`.')
    }
    const which = readRole(name)
    refuseForeignLimits(which, values)
    const change = changeOf(action, values)
    if (which === 'storage') await assertDiskMayChange(context.home(), textOption(values, 'disk'))
    const settings = await context.home().settings.update((current) => withIntent(current, which, change))
    await show(context, settings, [which])
  },
}

/** Names a role that can run. Throws UsageError. */
export function readRole(name: string | undefined): RoleName {
  const parsed = roleNameSchema.safeParse(name)
  if (!parsed.success) throw new UsageError(`A role is one of ${roleNames.join(', ')}, not "${name ?? ''}".`)
  if (runnableRoles.includes(parsed.data)) return parsed.data
  throw new UsageError(
    `The role "${parsed.data}" is not part of this version yet.`,
    `It has: ${runnableRoles.join(', ')}.`,
  )
}

/** A limit that a role does not have would be kept and never followed. */
function refuseForeignLimits(which: RoleName, values: VerbValues): void {
  const ofStorage = ['disk', 'limit']
  const foreign = which === 'storage' ? ['gpu-share'] : which === 'render' ? ofStorage : [...ofStorage, 'gpu-share']
  const given = foreign.find((option) => values[option] !== undefined)
  if (given !== undefined) throw new UsageError(`The role "${which}" has no limit "--${given}".`)
}

function changeOf(action: 'start' | 'stop' | 'limits', values: VerbValues): (intent: RoleIntent) => RoleIntent {
  const limits = limitsOf(values)
  switch (action) {
    case 'start':
      // Typing the verb is the consent; the app asks with words because a click is less than that.
      return (intent) => ({
        ...intent,
        ...limits?.(intent),
        on: true,
        pausedUntilMs: null,
        consentedAtMs: intent.consentedAtMs ?? Date.now(),
      })
    case 'stop':
      if (limits !== null) throw new UsageError('`hearth role stop` takes no limits.')
      return (intent) => ({ ...intent, on: false, runAnywayUntilMs: null })
    case 'limits':
      if (limits === null)
        throw new UsageError('Name at least one of --disk, --limit, --gpu-share, --upload, --download.')
      return (intent) => ({ ...intent, ...limits(intent) })
  }
}

/** What the limits change of an intent; null when none was given. Disk and limit are those of the first disk. */
function limitsOf(values: VerbValues): ((intent: RoleIntent) => Partial<RoleIntent>) | null {
  const disk = textOption(values, 'disk')
  /** Null when it was not given, `none` when it is lifted. */
  const size = (option: string): number | 'none' | null => {
    const text = textOption(values, option)
    return text === null || text === 'none' ? text : parseSize(text, `--${option}`)
  }
  const given = { limit: size('limit'), upload: size('upload'), download: size('download') }
  const percent = textOption(values, 'gpu-share')
  const share = percent === null ? null : parseWholeNumber(percent, '--gpu-share', { min: 10, max: 100 }) / 100
  if (disk === null && share === null && Object.values(given).every((value) => value === null)) return null
  const chosen = (value: number | 'none' | null, before: number | null): number | null =>
    value === null ? before : value === 'none' ? null : value
  return (intent) => {
    const [first = untouchedDisk, ...others] = intent.disks
    if (disk !== null && others.length > 0) {
      throw new UsageError('Storage uses several disks.', 'Change them with `hearth role disks`.')
    }
    return {
      ...(share === null ? {} : { gpuShare: share }),
      disks: [{ ...first, path: disk ?? first.path, limitBytes: chosen(given.limit, first.limitBytes) }, ...others],
      uploadBytesPerSecond: chosen(given.upload, intent.uploadBytesPerSecond),
      downloadBytesPerSecond: chosen(given.download, intent.downloadBytesPerSecond),
    }
  }
}

async function list(context: VerbContext): Promise<void> {
  await show(context, await context.home().settings.read(), roleNames)
}

async function show(context: VerbContext, settings: Settings, names: readonly RoleName[]): Promise<void> {
  const engine = engineOf(context.home())
  const roles = names.map((name) => {
    const { consentedAtMs, ...intent } = settings.roles[name] ?? untouchedIntent
    const [first] = intent.disks
    const available = runnableRoles.includes(name)
    // The first disk by itself too, for scripts from before there could be several.
    const one = { diskPath: first?.path ?? null, diskLimitBytes: first?.limitBytes ?? null }
    const meter =
      intent.meter === null || intent.meter === undefined
        ? null
        : { ...intent.meter, target: shownTarget(intent.meter.target) }
    return { role: name, available, consented: consentedAtMs !== null, ...intent, meter, ...one }
  })
  context.output.result({ roles, engine }, () => [
    ...formatTable(
      ['ROLE', 'SWITCHED', 'USES', 'LIMIT'],
      roles.map((one) => [one.role, one.available ? (one.on ? 'on' : 'off') : 'not in this version', ...usesOf(one)]),
    ),
    engine.running
      ? `Hearth runs here (process ${engine.pid}) and follows these settings.`
      : 'Hearth does not run here: start the app or `hearth node`.',
  ])
}

/** What a role uses of this computer, and how much of it, as two cells. */
function usesOf({
  role: name,
  disks,
  gpuShare,
  meter,
}: Pick<RoleIntent, 'disks' | 'gpuShare' | 'meter'> & { role: RoleName }): [string, string] {
  if (name === 'render') return ['graphics card', `${Math.round((gpuShare ?? usualGpuShare) * 100)} % of its time`]
  if (name === 'energy')
    return [meter === null || meter === undefined ? 'no meter yet' : `${meter.driver} at ${meter.target}`, '-']
  if (name !== 'storage') return ['-', '-']
  return [
    disks.map((disk) => disk.path ?? "home's disk").join(', '),
    disks.map((disk) => (disk.limitBytes === null ? 'none' : formatBytes(disk.limitBytes))).join(', '),
  ]
}

function engineOf(home: Home): { running: boolean; pid: number | null } {
  const holder = home.holder('engine')
  return { running: holder !== null, pid: holder?.pid ?? null }
}
