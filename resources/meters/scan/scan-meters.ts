import type { FoundMeter } from './found-meter.ts'

/** Devices announce themselves again within about two seconds of being asked. */
const usualListenMs = 3_000

/**
 * Looks for meters: serial adapters of this machine, devices that announce themselves on the network, and the hosts that are named. No
 * other address is ever connected to. A way that fails finds nothing and spoils no other.
 */
export async function scanMeters(
  o: { readonly hosts?: readonly string[]; readonly listenMs?: number; readonly signal?: AbortSignal } = {},
): Promise<FoundMeter[]> {
  const { listSerialPorts } = await import('./serial-ports.ts')
  const { listenForAnnouncements, metersAnnounced } = await import('./announcements.ts')
  const { askHost } = await import('./ask-host.ts')
  const [serial, announced, ...named] = await Promise.all([
    listSerialPorts().catch(() => []),
    listenForAnnouncements(o.listenMs ?? usualListenMs, o.signal).then(metersAnnounced, () => []),
    ...(o.hosts ?? []).map((host) => askHost(host, o.signal)),
  ])
  return [...serial, ...announced, ...named.flat()]
}
