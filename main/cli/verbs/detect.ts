import { inventorySchema } from '../../api/inventory.ts'
import { detectInventory } from '../../../resources/index.ts'
import { formatBytes, formatTable } from '../output/format.ts'
import type { Verb } from './verb.ts'

/** `hearth detect`: what this machine could share. Needs no network and changes nothing. */
export const detect: Verb = {
  name: 'detect',
  summary: 'inventory of disks, GPUs, meters, power, network',
  usage: ['detect [--json]'],
  options: {},
  async run({ home, output, signal }) {
    const inventory = inventorySchema.parse(await detectInventory({ homeDirectory: home().directory, signal }))
    output.result(inventory, () => [
      ...formatTable(
        ['DISK', 'TYPE', 'SIZE', 'FREE', 'MODEL'],
        inventory.disks.map((disk) => [
          disk.mount,
          disk.fileSystem,
          formatBytes(disk.sizeBytes),
          formatBytes(disk.freeBytes),
          disk.model ?? 'unknown',
        ]),
      ),
      '',
      ...(inventory.gpus.length === 0
        ? ['No GPU found.']
        : inventory.gpus.map((gpu) => `GPU  ${gpu.vendor} ${gpu.model}`)),
      ...(inventory.meters.length === 0
        ? ['No energy meter found.']
        : inventory.meters.map((meter) => `Meter  ${meter.description}`)),
      `Power  ${powerText(inventory.power)}`,
      ...inventory.network.map((one) => `Network  ${one.name}  ${one.addresses.join(', ')}`),
      ...inventory.probes
        .filter((probe) => probe.state !== 'measured')
        .map((probe) => `Not measured: ${probe.probe} (${probe.message ?? probe.state})`),
    ])
  },
}

function powerText(power: { onBattery: boolean | null; batteryPercent: number | null }): string {
  if (power.onBattery === null) return 'unknown'
  const charge = power.batteryPercent === null ? '' : `, battery at ${power.batteryPercent} %`
  return `${power.onBattery ? 'on battery' : 'on mains'}${charge}`
}
