import type { Power } from '../inventory.ts'
import type { SystemSources } from '../system-sources.ts'

/** What is known at once: processor and memory. The battery takes a question to the system. */
export function readProcessor(sources: SystemSources): Power {
  const processors = sources.cpus()
  const model = processors[0]?.model.trim()
  return {
    onBattery: null,
    batteryPercent: null,
    cpuModel: model ? model : null,
    cpuCores: processors.length > 0 ? processors.length : null,
    memoryBytes: sources.memoryBytes(),
  }
}

/** Power source, processor and memory. A machine without a battery is never on battery. */
export async function probePower(sources: SystemSources): Promise<Power> {
  const processor = readProcessor(sources)
  const battery = await sources.battery()
  if (!battery.hasBattery) return { ...processor, onBattery: false }
  const percent = battery.percent
  return {
    ...processor,
    onBattery: !battery.acConnected,
    batteryPercent: Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : null,
  }
}
