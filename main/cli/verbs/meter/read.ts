import { MeterError, openMeter, type MeterDriver, type MeterReading } from '../../../../resources/meters/index.ts'
import { CancelledError } from '../../../../roles/api/errors.ts'
import { UsageError } from '../usage-error.ts'
import type { VerbContext } from '../verb.ts'

/** `hearth meter read`: one reading of a live meter, or all of them until it is interrupted. */
export async function read(
  context: VerbContext,
  o: { driver: string | null; target: string | null; watch: boolean; interval: string | null },
): Promise<void> {
  if (o.driver === null || o.target === null)
    throw new UsageError('Say --driver and --target.', 'See `hearth meter --help`.')
  const intervalMs = o.interval === null ? null : seconds(o.interval) * 1_000
  const meter = await openMeter({
    driver: o.driver,
    target: o.target,
    ...(intervalMs === null ? {} : { intervalMs }),
  }).catch((error: unknown) => {
    throw error instanceof MeterError && error.code === 'wrongTarget' ? new UsageError(error.message) : error
  })
  if (o.watch) return watch(context, meter)
  const { output, signal } = context
  const reading = await meter.read({ signal }).catch((error: unknown) => {
    throw signal.aborted ? new CancelledError('Reading the meter') : error
  })
  output.result(reading, () => describe(reading))
}

/** Prints every reading; what goes wrong meanwhile is a remark, and the meter is opened again. */
function watch({ output, signal }: VerbContext, meter: MeterDriver): Promise<void> {
  return new Promise((resolve) => {
    const undo = meter.subscribe({
      reading: (reading) => output.result(reading, () => [describe(reading).join('  ')]),
      trouble: ({ message }) => output.note(message),
    })
    const end = () => resolve(undo())
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

function seconds(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > 3_600)
    throw new UsageError('--interval is a number of seconds from 1 to 3600.')
  return value
}

function describe({
  meterId,
  deviceTime,
  receiveTime,
  importWh,
  exportWh,
  powerW,
  flags,
  subMeters,
}: MeterReading): string[] {
  return [
    `Meter     ${meterId ?? 'does not say who it is'}`,
    `Time      ${deviceTime ?? `${receiveTime} (received)`}`,
    `Import    ${kiloWattHours(importWh)}`,
    `Export    ${kiloWattHours(exportWh)}`,
    `Power     ${powerText(powerW)}`,
    ...subMeters.map(({ channel, value, unit }) => `Channel ${channel} ${value} ${unit}`),
    ...(flags.length === 0 ? [] : [`Odd       ${flags.join(', ')}`]),
  ]
}

function kiloWattHours(wattHours: number | null): string {
  return wattHours === null ? 'not told' : `${(wattHours / 1_000).toFixed(3)} kWh`
}

function powerText(watts: number | null): string {
  if (watts === null) return 'not told'
  return watts < 0 ? `${-watts} W to the grid` : `${watts} W from the grid`
}
