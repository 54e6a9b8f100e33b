import { z } from 'zod'

/** Outcome of one hardware probe: never throws, says which probe was slow or failed, spoils no other. */
export const probeStateSchema = z.object({
  probe: z.enum(['disks', 'gpus', 'meters', 'power', 'network']),
  state: z.enum(['measured', 'timedOut', 'failed']),
  message: z.string().nullable(),
  tookMs: z.number(),
})

export const diskSchema = z.object({
  mount: z.string(),
  fileSystem: z.string(),
  sizeBytes: z.number(),
  freeBytes: z.number(),
  model: z.string().nullable(),
  kind: z.enum(['ssd', 'hdd', 'nvme', 'removable', 'network', 'unknown']),
  health: z.enum(['ok', 'failing', 'unknown']),
  readOnly: z.boolean(),
  /** True for the file system that holds the home. */
  holdsHome: z.boolean(),
})

export const gpuSchema = z.object({
  vendor: z.string(),
  model: z.string(),
  memoryBytes: z.number().nullable(),
  driver: z.string().nullable(),
})

export const networkInterfaceSchema = z.object({
  name: z.string(),
  kind: z.enum(['wired', 'wireless', 'virtual', 'unknown']),
  addresses: z.array(z.string()),
  speedBitsPerSecond: z.number().nullable(),
  up: z.boolean(),
})

export const powerSchema = z.object({
  onBattery: z.boolean().nullable(),
  batteryPercent: z.number().nullable(),
  cpuModel: z.string().nullable(),
  cpuCores: z.number().nullable(),
  memoryBytes: z.number().nullable(),
})

export const inventorySchema = z.object({
  measuredAtMs: z.number(),
  disks: z.array(diskSchema),
  gpus: z.array(gpuSchema),
  meters: z.array(z.object({ id: z.string(), description: z.string() })),
  power: powerSchema,
  network: z.array(networkInterfaceSchema),
  probes: z.array(probeStateSchema),
})

/** What this machine has to share, as last measured. */
export type Inventory = Readonly<z.infer<typeof inventorySchema>>
export type Disk = Readonly<z.infer<typeof diskSchema>>
export type ProbeState = Readonly<z.infer<typeof probeStateSchema>>
