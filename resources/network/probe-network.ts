import type { Systeminformation } from 'systeminformation'
import type { NetworkInterface } from '../inventory.ts'
import type { SystemSources } from '../system-sources.ts'

type Detail = Systeminformation.NetworkInterfacesData

const bitsPerMegabit = 1_000_000
/** Bridges, tunnels and containers, by the names that systems give them. */
const virtualName = /^(docker|veth|br-|virbr|tun|tap|wg|utun|vmnet|vboxnet|bridge|ifb|awdl|llw|zt|tailscale|anpi)/i

function kindOf(name: string, detail: Detail | undefined): NetworkInterface['kind'] {
  if (virtualName.test(name) || detail?.virtual === true) return 'virtual'
  if (detail?.type === 'wireless' || /^(wl|wlan|wi-?fi)/i.test(name)) return 'wireless'
  return detail?.type === 'wired' || /^(en|eth)/i.test(name) ? 'wired' : 'unknown'
}

/** The interfaces that have an address, without the loopback. Names and addresses alone are known at once. */
export function describeNetwork(
  addresses: ReturnType<SystemSources['addresses']>,
  details: readonly Detail[],
): NetworkInterface[] {
  return Object.entries(addresses).flatMap(([name, entries = []]) => {
    const outer = entries.filter((entry) => !entry.internal)
    if (outer.length === 0) return []
    const detail = details.find((one) => one.iface === name || one.ifaceName === name)
    const megabits = detail?.speed
    const known = typeof megabits === 'number' && Number.isFinite(megabits) && megabits > 0
    return [
      {
        name,
        kind: kindOf(name, detail),
        addresses: outer.map((entry) => entry.address),
        speedBitsPerSecond: known ? megabits * bitsPerMegabit : null,
        up: detail?.operstate === undefined || detail.operstate === 'unknown' ? true : detail.operstate === 'up',
      },
    ]
  })
}

export async function probeNetwork(sources: SystemSources): Promise<NetworkInterface[]> {
  return describeNetwork(sources.addresses(), await sources.networkInterfaces())
}
