import { Bonjour, type Service } from 'bonjour-service'
import { setTimeout as wait } from 'node:timers/promises'
import { shownName, type FoundMeter } from './found-meter.ts'

/** Kinds of service under which meters and brokers announce themselves (DNS-SD). */
const serviceTypes = ['shelly', 'http', 'mqtt', 'secure-mqtt', 'modbus'] as const
type ServiceType = (typeof serviceTypes)[number]

/** What of an announcement counts; everything in it is a stranger's word. */
export type Announcement = {
  readonly type: ServiceType
  readonly name: string
  readonly port: number
  readonly addresses: readonly string[]
}

/** Listens for `listenMs` to what devices announce by multicast DNS. Nobody is connected to. */
export async function listenForAnnouncements(listenMs: number, signal?: AbortSignal): Promise<Announcement[]> {
  // A machine without a network has no multicast; that is no failure of a scan.
  const bonjour = new Bonjour({}, () => {})
  const found: Announcement[] = []
  const browsers = serviceTypes.map((type) =>
    bonjour.find({ type }, ({ name, port, addresses = [] }: Service) => found.push({ type, name, port, addresses })),
  )
  await wait(listenMs, undefined, signal === undefined ? {} : { signal }).catch(() => {})
  for (const browser of browsers) browser.stop()
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 500).unref()
    bonjour.destroy(() => resolve())
  })
  return found
}

/** Announcements that are about a meter or a broker, each place once. */
export function metersAnnounced(announcements: readonly Announcement[]): FoundMeter[] {
  const found = new Map<string, FoundMeter>()
  for (const announcement of announcements) {
    const meter = meterOf(announcement)
    if (meter !== null && !found.has(meter.target)) found.set(meter.target, meter)
  }
  return [...found.values()]
}

function meterOf({ type, name, port, addresses }: Announcement): FoundMeter | null {
  const address = addresses.find((one) => /^\d+\.\d+\.\d+\.\d+$/.test(one))
  if (address === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) return null
  const shown = { description: shownName(name), foundBy: 'announced' } as const
  const web = `http://${address}${port === 80 ? '' : `:${port}`}`
  switch (type) {
    case 'shelly':
      return { ...shown, driver: 'shelly', target: web }
    case 'http':
      if (/^shelly/i.test(name)) return { ...shown, driver: 'shelly', target: web }
      return /^tasmota/i.test(name) ? { ...shown, driver: 'tasmota', target: web } : null
    case 'mqtt':
    case 'secure-mqtt': {
      const scheme = type === 'mqtt' ? 'mqtt' : 'mqtts'
      return {
        ...shown,
        driver: 'tasmota',
        target: `${scheme}://${address}:${port}/`,
        description: `Broker ${shown.description}`,
      }
    }
    case 'modbus':
      return { ...shown, driver: 'sunspec', target: `tcp://${address}:${port}` }
  }
}
