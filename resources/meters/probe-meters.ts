import type { Meter } from '../inventory.ts'
import type { SystemSources } from '../system-sources.ts'

/** Where systems list serial adapters, on which the cable of a smart meter shows up. */
const places: Readonly<Partial<Record<NodeJS.Platform, { folder: string; name: RegExp }>>> = {
  linux: { folder: '/dev/serial/by-id', name: /./ },
  darwin: { folder: '/dev', name: /^cu\.(usbserial|usbmodem|wchusbserial)/ },
}

/** Serial adapters that a meter may be connected to. Which meter it is, is asked only when a person wants to use it. */
export async function probeMeters(sources: SystemSources): Promise<Meter[]> {
  const place = places[sources.platform]
  if (place === undefined) return []
  const names = (await sources.list(place.folder)).filter((name) => place.name.test(name)).sort()
  return names.map((name) => ({
    id: `${place.folder}/${name}`,
    description: `Serial adapter ${name.replace(/^usb-|^cu\./, '').replaceAll('_', ' ')}`,
  }))
}
