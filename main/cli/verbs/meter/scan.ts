import { scanMeters } from '../../../../resources/meters/index.ts'
import { formatTable } from '../../output/format.ts'
import { UsageError } from '../usage-error.ts'
import type { VerbContext } from '../verb.ts'

/** A host name or address, with a port where it is not the usual one. */
const hostName = /^[A-Za-z0-9._-]+(:\d{1,5})?$/

/** `hearth meter scan [HOST...]`: serial adapters, devices that announce themselves, and the hosts that are named. */
export async function scan({ output, signal }: VerbContext, hosts: readonly string[]): Promise<void> {
  const strange = hosts.find((host) => !hostName.test(host))
  if (strange !== undefined) throw new UsageError(`${strange} is no host name or address.`)
  const meters = await scanMeters({ hosts, signal })
  output.result({ meters }, () =>
    meters.length === 0
      ? ['No meter found. Name the host of one: `hearth meter scan HOST`.']
      : formatTable(
          ['DRIVER', 'TARGET', 'WHAT'],
          meters.map(({ driver, target, description }) => [driver, target, description]),
        ),
  )
}
