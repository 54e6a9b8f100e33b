import { roleNameSchema, roleNames, type RoleName } from '../../../roles/api/roles.ts'
import { untouchedIntent, type RoleIntent, type Settings } from '../../api/settings.ts'
import type { Home } from '../../store/index.ts'
import { formatBytes, formatTable } from '../output/format.ts'
import { parseSize } from '../output/parse-size.ts'
import { UsageError } from './usage-error.ts'
import { textOption, type Verb, type VerbContext, type VerbValues } from './verb.ts'

/** Roles that this version can run; the others are refused in words instead of waiting for ever. */
export const runnableRoles: readonly RoleName[] = ['storage']

/** `hearth role`: writes the intent that the engine of this home watches; nothing else is needed to be running. */
export const role: Verb = {
  name: 'role',
  summary: 'list roles, switch them on and off, set their limits',
  usage: [
    'role list',
    'role start ROLE [--disk DIR] [--limit SIZE]',
    'role stop ROLE',
    'role limits ROLE [--disk DIR] [--limit SIZE] [--upload SIZE] [--download SIZE]',
  ],
  options: {
    disk: { type: 'string' },
    limit: { type: 'string' },
    upload: { type: 'string' },
    download: { type: 'string' },
  },
  async run(context, { values, positionals }) {
    const [action, name, ...more] = positionals
    if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many.`)
    if (action === 'list' && name === undefined) return list(context)
    if (action !== 'start' && action !== 'stop' && action !== 'limits') {
      throw new UsageError('Say `hearth role list`, `start ROLE`, `stop ROLE` or `limits ROLE`.')
    }
    const which = readRole(name)
    const change = changeOf(action, values)
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

/** The settings with one role's intent changed, all else as it was. */
export function withIntent(settings: Settings, name: RoleName, change: (intent: RoleIntent) => RoleIntent): Settings {
  return { ...settings, roles: { ...settings.roles, [name]: change(settings.roles[name] ?? untouchedIntent) } }
}

function changeOf(action: 'start' | 'stop' | 'limits', values: VerbValues): (intent: RoleIntent) => RoleIntent {
  const limits = limitsOf(values)
  switch (action) {
    case 'start':
      // Typing the verb is the consent; the app asks with words because a click is less than that.
      return (intent) => ({
        ...intent,
        ...limits,
        on: true,
        pausedUntilMs: null,
        consentedAtMs: intent.consentedAtMs ?? Date.now(),
      })
    case 'stop':
      if (Object.keys(limits).length > 0) throw new UsageError('`hearth role stop` takes no limits.')
      return (intent) => ({ ...intent, on: false, runAnywayUntilMs: null })
    case 'limits':
      if (Object.keys(limits).length === 0)
        throw new UsageError('Name at least one of --disk, --limit, --upload, --download.')
      return (intent) => ({ ...intent, ...limits })
  }
}

function limitsOf(values: VerbValues): Partial<RoleIntent> {
  const disk = textOption(values, 'disk')
  const size = (option: string) => {
    const text = textOption(values, option)
    if (text === null) return null
    return text === 'none' ? 'none' : parseSize(text, `--${option}`)
  }
  const pairs = [
    ['diskLimitBytes', size('limit')],
    ['uploadBytesPerSecond', size('upload')],
    ['downloadBytesPerSecond', size('download')],
  ] as const
  const given = pairs.flatMap(([field, value]) =>
    value === null ? [] : [[field, value === 'none' ? null : value] as const],
  )
  return { ...Object.fromEntries(given), ...(disk === null ? {} : { diskPath: disk }) }
}

async function list(context: VerbContext): Promise<void> {
  await show(context, await context.home().settings.read(), roleNames)
}

async function show(context: VerbContext, settings: Settings, names: readonly RoleName[]): Promise<void> {
  const engine = engineOf(context.home())
  const roles = names.map((name) => {
    const { consentedAtMs, ...intent } = settings.roles[name] ?? untouchedIntent
    return { role: name, available: runnableRoles.includes(name), consented: consentedAtMs !== null, ...intent }
  })
  context.output.result({ roles, engine }, () => [
    ...formatTable(
      ['ROLE', 'SWITCHED', 'DISK', 'LIMIT'],
      roles.map((one) => [
        one.role,
        one.available ? (one.on ? 'on' : 'off') : 'not in this version',
        one.diskPath ?? "home's disk",
        one.diskLimitBytes === null ? 'none' : formatBytes(one.diskLimitBytes),
      ]),
    ),
    engine.running
      ? `Hearth runs here (process ${engine.pid}) and follows these settings.`
      : 'Hearth does not run here: start the app or `hearth node`.',
  ])
}

function engineOf(home: Home): { running: boolean; pid: number | null } {
  const holder = home.holder('engine')
  return { running: holder !== null, pid: holder?.pid ?? null }
}
