import type { Systeminformation } from 'systeminformation'
import { readFile, readdir, statfs } from 'node:fs/promises'
import { cpus, networkInterfaces, totalmem, type NetworkInterfaceInfo } from 'node:os'

type Si = typeof import('systeminformation')

/** Everything the probes ask of the operating system, in one place, so that tests can answer with odd machines. */
export type SystemSources = {
  readonly platform: NodeJS.Platform
  fileSystemOf(path: string): Promise<{ sizeBytes: number; freeBytes: number }>
  /** The text of a small system file. Rejects where there is none. */
  readText(path: string): Promise<string>
  /** Names in a folder; empty where there is none. */
  list(path: string): Promise<string[]>
  cpus(): { model: string }[]
  memoryBytes(): number
  addresses(): Record<string, NetworkInterfaceInfo[] | undefined>
  fileSystems(): Promise<Systeminformation.FsSizeData[]>
  diskLayout(): Promise<Systeminformation.DiskLayoutData[]>
  graphics(): Promise<Systeminformation.GraphicsData>
  battery(): Promise<Systeminformation.BatteryData>
  networkInterfaces(): Promise<Systeminformation.NetworkInterfacesData[]>
}

/** Loaded when first asked for: the quick answers must not wait for a large module. */
let loading: Promise<Si> | null = null

function information(): Promise<Si> {
  loading ??= import('systeminformation').then((module) => module.default ?? module)
  return loading
}

/** This machine. */
export function systemSources(): SystemSources {
  return {
    platform: process.platform,
    async fileSystemOf(path) {
      const { bsize, blocks, bavail } = await statfs(path)
      return { sizeBytes: bsize * blocks, freeBytes: bsize * bavail }
    },
    readText: (path) => readFile(path, 'utf8'),
    list: (path) => readdir(path).catch(() => []),
    cpus: () => cpus(),
    memoryBytes: () => totalmem(),
    addresses: () => networkInterfaces(),
    fileSystems: async () => await (await information()).fsSize(),
    diskLayout: async () => await (await information()).diskLayout(),
    graphics: async () => await (await information()).graphics(),
    battery: async () => await (await information()).battery(),
    async networkInterfaces() {
      const found = await (await information()).networkInterfaces()
      return Array.isArray(found) ? found : [found]
    },
  }
}
