import { openMeter } from '../live/open-meter.ts'
import { shownName, type FoundMeter } from './found-meter.ts'

/** A host that does not answer in this time on one way is taken to have none. */
const answerMs = 4_000

/** Asks one host that a person has named whether it is a meter: the three ways to read one, side by side. */
export async function askHost(host: string, signal?: AbortSignal): Promise<FoundMeter[]> {
  const ways = [
    { driver: 'shelly', target: `http://${host}` },
    { driver: 'tasmota', target: `http://${host}` },
    { driver: 'sunspec', target: host.includes(':') ? `tcp://${host}` : `tcp://${host}:502` },
  ] as const
  const answers = await Promise.all(ways.map((way) => tryWay(way, host, signal)))
  return answers.filter((found) => found !== null)
}

async function tryWay(
  { driver, target }: { driver: FoundMeter['driver']; target: string },
  host: string,
  signal: AbortSignal | undefined,
): Promise<FoundMeter | null> {
  try {
    const meter = await openMeter({ driver, target })
    const { meterId } = await meter.read({ timeoutMs: answerMs, ...(signal === undefined ? {} : { signal }) })
    const identity = meterId === null ? '' : `, meter ${shownName(meterId)}`
    return { driver, target, description: `${host}${identity}`, foundBy: 'host' }
  } catch {
    return null
  }
}
