import type { Systeminformation } from 'systeminformation'
import type { Gpu } from '../inventory.ts'
import { askPart } from '../run-probe.ts'
import type { SystemSources } from '../system-sources.ts'

const bytesPerMebibyte = 1 << 20

/** PCI vendor numbers of those who make GPUs (pci.ids). */
const vendors: Readonly<Record<string, string>> = {
  '0x10de': 'NVIDIA',
  '0x1002': 'AMD',
  '0x8086': 'Intel',
  '0x106b': 'Apple',
  '0x1af4': 'Virtio',
  '0x15ad': 'VMware',
}

function describe(controller: Systeminformation.GraphicsControllerData): Gpu[] {
  const vendor = controller.vendor?.trim() || 'Unknown maker'
  const model = controller.model?.trim() || controller.name?.trim() || ''
  if (model === '') return []
  const mebibytes = controller.memoryTotal ?? controller.vram
  const known = typeof mebibytes === 'number' && Number.isFinite(mebibytes) && mebibytes > 0 && !controller.vramDynamic
  const driver = controller.driverVersion?.trim()
  return [{ vendor, model, memoryBytes: known ? mebibytes * bytesPerMebibyte : null, driver: driver ? driver : null }]
}

async function readSmall(sources: SystemSources, path: string): Promise<string | null> {
  return await sources.readText(path).then(
    (text) => text.trim(),
    () => null,
  )
}

/** What the Linux kernel says about one card, for systems where the usual tools are not installed. */
async function readCard(sources: SystemSources, card: string): Promise<Gpu[]> {
  const folder = `/sys/class/drm/${card}/device`
  const vendorId = await readSmall(sources, `${folder}/vendor`)
  if (vendorId === null) return []
  const [deviceId, memory, events] = await Promise.all([
    readSmall(sources, `${folder}/device`),
    readSmall(sources, `${folder}/mem_info_vram_total`),
    readSmall(sources, `${folder}/uevent`),
  ])
  const vendor = vendors[vendorId] ?? 'Unknown maker'
  const memoryBytes = Number(memory)
  return [
    {
      vendor,
      model: `${vendor} GPU ${deviceId ?? vendorId}`,
      memoryBytes: Number.isSafeInteger(memoryBytes) && memoryBytes > 0 ? memoryBytes : null,
      driver: /^DRIVER=(.+)$/m.exec(events ?? '')?.[1] ?? null,
    },
  ]
}

/**
 * The graphics processors of this machine; an empty list where there is none or none can be seen. Rejects when the system
 * could not be asked at all.
 */
export async function probeGpus(sources: SystemSources): Promise<Gpu[]> {
  const graphics = await askPart(() => sources.graphics())
  const named = (graphics.value?.controllers ?? []).flatMap(describe)
  if (named.length > 0) return named
  const cards = (await sources.list('/sys/class/drm')).filter((name) => /^card\d+$/.test(name)).sort()
  const read = (await Promise.all(cards.map((card) => readCard(sources, card)))).flat()
  if (read.length === 0 && graphics.value === null) throw graphics.error
  return read
}
