import { resolve } from 'node:path'
import { silentLog } from '../../../roles/api/values.ts'
import type { EngineService } from '../../api/engine.ts'
import type { Inventory } from '../../api/inventory.ts'
import type { Platform } from '../../api/platform.ts'
import { createNodePlatform } from '../../platform/node/index.ts'
import { openHome } from '../../store/index.ts'
import { startEngine } from '../engine.ts'
import type { EngineOptions, StartedPractice } from '../engine.ts'
import type { TestChain } from './test-chain.ts'

/** A machine with one disk. */
export const testInventory: Inventory = {
  measuredAtMs: 1,
  disks: [
    {
      mount: '/',
      fileSystem: 'ext4',
      sizeBytes: 500e9,
      freeBytes: 300e9,
      model: null,
      kind: 'ssd',
      health: 'ok',
      readOnly: false,
      holdsHome: true,
    },
  ],
  gpus: [],
  meters: [],
  power: { onBattery: null, batteryPercent: null, cpuModel: null, cpuCores: 2, memoryBytes: null },
  network: [],
  probes: [],
}

/** A practice network that runs already: the home is given its file. */
export async function foundPractice(directory: string, chain: Pick<TestChain, 'network'>): Promise<StartedPractice> {
  await openHome(directory).network.write(chain.network)
  return { neighbours: 0, notice: null, exited: new Promise(() => {}), stop: async () => {} }
}

/** A platform without a window whose worker is the test's. */
export function testPlatform(): Platform {
  return createNodePlatform({
    entries: { worker: resolve(import.meta.dirname, '../../../roles/host/testing/test-worker.ts') },
  })
}

/** Starts the engine of a home with a test worker, on the chain that is there. */
export function startTestEngine(
  directory: string,
  chain: Pick<TestChain, 'network'>,
  change: Partial<EngineOptions> = {},
): Promise<EngineService> {
  return startEngine({
    home: openHome(directory),
    platform: testPlatform(),
    version: '0.0.0',
    log: silentLog,
    resources: {
      detectInventory: async () => testInventory,
      readGpuLoad: () => Promise.resolve({ busyShare: null, celsius: null }),
      measureDiskSuitability: async () => ({ kind: 'measured', bytesPerSecond: 500e6 }),
    },
    practice: () => foundPractice(directory, chain),
    customerUpkeep: null,
    ...change,
  })
}
