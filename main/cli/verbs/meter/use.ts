import { MeterError, openMeter, shownTarget } from '../../../../resources/meters/index.ts'
import { meterChoiceSchema, type MeterChoice } from '../../../../roles/api/energy-status.ts'
import { parseWholeNumber } from '../../output/parse-size.ts'
import { withIntent } from '../role-intent.ts'
import { UsageError } from '../usage-error.ts'
import { textOption, type VerbContext, type VerbValues } from '../verb.ts'

/** Options of `hearth meter use` beside driver and target. */
export const useOptions = {
  'connection-watts': { type: 'string' },
  'panel-watts': { type: 'string' },
  battery: { type: 'boolean' },
  generation: { type: 'boolean' },
  at: { type: 'string' },
} as const

const mostWatts = 1_000_000

/** `hearth meter use`: the meter that the energy role of this home reads. A running role is started anew with it. */
export async function use(context: VerbContext, values: VerbValues): Promise<void> {
  const choice = readChoice(values)
  await openMeter(choice).catch((error: unknown) => {
    throw error instanceof MeterError ? new UsageError(error.message) : error
  })
  await context
    .home()
    .settings.update((current) => withIntent(current, 'energy', (intent) => ({ ...intent, meter: choice })))
  const { driver, target } = choice
  // A broker's password is kept in the settings and shown nowhere.
  const shown = shownTarget(target)
  context.output.result({ ...choice, target: shown }, () => [
    `The energy role reads ${driver} at ${shown}. Switch it on with \`hearth role start energy\`.`,
  ])
}

function readChoice(values: VerbValues): MeterChoice {
  const [driver, target] = [textOption(values, 'driver'), textOption(values, 'target')]
  if (driver === null || target === null)
    throw new UsageError('Say --driver and --target.', 'See `hearth meter --help`.')
  const watts = (name: string, least: number) => {
    const text = textOption(values, name)
    return text === null ? null : parseWholeNumber(text, `--${name}`, { min: least, max: mostWatts })
  }
  const connectionW = watts('connection-watts', 1)
  if (connectionW === null)
    throw new UsageError(
      'Say with --connection-watts what the fuse of the house carries.',
      'Three phases of 25 A are 17250.',
    )
  return meterChoiceSchema.parse({
    driver,
    target,
    kind: values['generation'] === true ? 'generation' : 'grid',
    connectionW,
    panelPeakW: watts('panel-watts', 0) ?? 0,
    hasBattery: values['battery'] === true,
    place: readPlace(textOption(values, 'at')),
  })
}

function readPlace(text: string | null): MeterChoice['place'] {
  if (text === null) return null
  const match = /^(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)$/.exec(text)
  const [latitudeDegrees, longitudeDegrees] = [Number(match?.[1]), Number(match?.[2])]
  if (match === null || Math.abs(latitudeDegrees) > 90 || Math.abs(longitudeDegrees) > 180)
    throw new UsageError('--at is where the house stands, as LATITUDE,LONGITUDE in degrees.', 'For example 52.5,13.4.')
  return { latitudeDegrees, longitudeDegrees }
}
