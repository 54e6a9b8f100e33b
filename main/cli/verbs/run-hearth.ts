import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CancelledError } from '../../../roles/api/errors.ts'
import type { Platform } from '../../api/platform.ts'
import { openHome, type Home } from '../../store/index.ts'
import { exitCodeOf } from '../output/exit-code.ts'
import { errorLine } from '../output/one-line.ts'
import { createOutput, type OutputStream } from '../output/output.ts'
import { helpText, verbHelp } from './help.ts'
import { verbs } from './index.ts'
import { UsageError } from './usage-error.ts'
import type { InputStream, Verb, VerbOptions } from './verb.ts'

/** The world around the command line, handed in so that tests run it in their own process. */
export type HearthWorld = {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Empty when left out. */
  readonly stdin?: InputStream
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly platform: Platform
  readonly signal: AbortSignal
}

const globalOptions: VerbOptions = {
  json: { type: 'boolean' },
  home: { type: 'string' },
  network: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
}

const noInput: InputStream = {
  async *[Symbol.asyncIterator]() {},
}

/** Runs one command and returns its exit code. Every error becomes one line on standard error. */
export async function runHearth(world: HearthWorld): Promise<number> {
  try {
    const [name, ...rest] = splitVerb(world.args)
    if (name === undefined || name === 'help') return print(world, helpText(verbs))
    const verb = verbs.find((candidate) => candidate.name === name)
    if (verb === undefined) throw new UsageError(`There is no verb "${name}".`, 'See `hearth help`.')
    const { values, positionals } = parse(verb, rest)
    if (values['help'] === true) return print(world, verbHelp(verb))
    await runVerb(world, verb, values, positionals)
    return 0
  } catch (error) {
    world.stderr.write(`${errorLine(error)}\n`)
    return world.signal.aborted && error instanceof CancelledError ? 1 : exitCodeOf(error)
  }
}

async function runVerb(
  world: HearthWorld,
  verb: Verb,
  values: Readonly<Record<string, string | boolean | undefined>>,
  positionals: readonly string[],
): Promise<void> {
  const { stdout, stderr, platform, signal, env, cwd } = world
  const output = createOutput({ json: values['json'] === true, stdout, stderr })
  const directory = resolve(cwd, textOf(values['home']) ?? nonEmpty(env['HEARTH_HOME']) ?? defaultHome(env))
  const network = textOf(values['network'])
  let home: Home | null = null
  await verb.run(
    {
      home: () =>
        (home ??= openHome(directory, {
          secrets: platform.secrets,
          passphraseFile: nonEmpty(env['HEARTH_PASSPHRASE_FILE']),
        })),
      networkFile: network === null ? null : resolve(cwd, network),
      output,
      stdin: world.stdin ?? noInput,
      platform,
      signal,
    },
    { values, positionals: positionals },
  )
}

/** The verb is the first word that is no option, so that `hearth --json detect` works as well. */
function splitVerb(args: readonly string[]): string[] {
  const takesValue = new Set(['--home', '--network'])
  for (let index = 0; index < args.length; index++) {
    const word = args[index]!
    if (takesValue.has(word)) index++
    else if (!word.startsWith('-')) return [word, ...args.slice(0, index), ...args.slice(index + 1)]
  }
  return []
}

function parse(verb: Verb, args: readonly string[]) {
  try {
    const options = { ...globalOptions, ...verb.options }
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    return parsed as { values: Record<string, string | boolean | undefined>; positionals: string[] }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), `See \`hearth ${verb.name} --help\`.`)
  }
}

/** The app's own data folder on each system, so that window and command line share one home. */
function defaultHome(env: Readonly<Record<string, string | undefined>>): string {
  const user = homedir()
  if (process.platform === 'win32') return join(nonEmpty(env['APPDATA']) ?? join(user, 'AppData', 'Roaming'), 'Hearth')
  if (process.platform === 'darwin') return join(user, 'Library', 'Application Support', 'Hearth')
  return join(nonEmpty(env['XDG_CONFIG_HOME']) ?? join(user, '.config'), 'Hearth')
}

function print(world: HearthWorld, text: string): number {
  world.stdout.write(text)
  return 0
}

function nonEmpty(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value
}

function textOf(value: string | boolean | undefined): string | null {
  return typeof value === 'string' ? value : null
}
