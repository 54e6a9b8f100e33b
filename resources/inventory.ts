/**
 * What this machine has to share. These plain types are the source; the schema of main/api checks the same shape where it
 * crosses into the window (main/cli has a test that both agree), because this folder may not import main and must stay free
 * of what only the window needs.
 */
export type Inventory = {
  readonly measuredAtMs: number
  readonly disks: Disk[]
  readonly gpus: Gpu[]
  readonly meters: Meter[]
  readonly power: Power
  readonly network: NetworkInterface[]
  /** One entry per probe that has ended; a probe that is still running has none yet. */
  readonly probes: ProbeState[]
}

/** One mounted file system. `freeBytes` is what an ordinary person may still write. */
export type Disk = {
  mount: string
  fileSystem: string
  sizeBytes: number
  freeBytes: number
  model: string | null
  kind: 'ssd' | 'hdd' | 'nvme' | 'removable' | 'network' | 'unknown'
  health: 'ok' | 'failing' | 'unknown'
  readOnly: boolean
  /** True for the file system that holds the home. */
  holdsHome: boolean
}

export type Gpu = { vendor: string; model: string; memoryBytes: number | null; driver: string | null }

/** A place where an energy meter may be read. */
export type Meter = { id: string; description: string }

export type Power = {
  onBattery: boolean | null
  batteryPercent: number | null
  cpuModel: string | null
  cpuCores: number | null
  memoryBytes: number | null
}

export type NetworkInterface = {
  name: string
  kind: 'wired' | 'wireless' | 'virtual' | 'unknown'
  addresses: string[]
  speedBitsPerSecond: number | null
  up: boolean
}

export type ProbeName = 'disks' | 'gpus' | 'meters' | 'power' | 'network'

/** How a probe ended: it never throws, says when it was slow or failed, and spoils no other. */
export type ProbeState = {
  probe: ProbeName
  state: 'measured' | 'timedOut' | 'failed'
  message: string | null
  tookMs: number
}
