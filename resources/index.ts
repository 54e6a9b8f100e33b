import { createDetector, type DetectInventory } from './detect-inventory.ts'
import { askNvidiaTool, createGpuLoadReader } from './gpus/read-gpu-load.ts'
import { systemSources } from './system-sources.ts'

export type * from './inventory.ts'
export type { GpuLoad } from './gpus/read-gpu-load.ts'
export type { DetectInventory, DetectOptions } from './detect-inventory.ts'
export { measureDiskSuitability, type WriteFailure, type WriteSpeed } from './disks/measure-write-speed.ts'

/**
 * Takes stock of this machine: disks, GPUs, meters, power and network. The first useful answer reaches `onPartial` within a few
 * hundred milliseconds; the complete one takes at most the time limit of a probe (three seconds), normally about one.
 * Rejects only when `signal` is cancelled.
 */
export const detectInventory: DetectInventory = createDetector(systemSources())

/** How busy and how hot the graphics processors are now; null where nobody can tell. Never rejects. */
export const readGpuLoad = createGpuLoadReader({ ...systemSources(), askNvidia: askNvidiaTool })
