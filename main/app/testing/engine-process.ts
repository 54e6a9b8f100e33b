import { resolve } from 'node:path'
import { silentLog } from '../../../roles/api/values.ts'
import { createNodePlatform } from '../../platform/node/index.ts'
import { openHome } from '../../store/index.ts'
import { startEngine } from '../engine.ts'

/**
 * An engine as a process of its own, for tests that kill it: works on the home that is its argument, whose network file is
 * there already, and writes the worker's pid once storage runs.
 */
const directory = process.argv[2]
if (directory === undefined) throw new Error('Name the home.')

const engine = await startEngine({
  home: openHome(directory),
  platform: createNodePlatform({
    entries: { worker: resolve(import.meta.dirname, '../../../roles/host/testing/test-worker.ts') },
  }),
  version: '0.0.0',
  log: silentLog,
  resources: {
    detectInventory: () => Promise.reject(new Error('not in this test')),
    readGpuLoad: () => Promise.resolve({ busyShare: null, celsius: null }),
    measureDiskSuitability: () => Promise.reject(new Error('not in this test')),
  },
  practice: null,
  customerUpkeep: null,
})
let told = false
engine.onSnapshot(({ roles }) => {
  const storage = roles.find((view) => view.role === 'storage')
  if (told || storage?.process.kind !== 'running') return
  told = true
  process.stdout.write(`${storage.process.pid}\n`)
})
await engine.switchOn({ role: 'storage', diskPath: null, diskLimitBytes: null })
