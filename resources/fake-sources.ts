import type { SystemSources } from './system-sources.ts'

/** A machine for tests: knows nothing unless told, so that each test names only what matters to it. */
export function fakeSources(answers: Partial<SystemSources> = {}): SystemSources {
  const nothing = () => Promise.reject(new Error('there is no such thing on this machine'))
  return {
    platform: 'linux',
    fileSystemOf: () => Promise.resolve({ sizeBytes: 100e9, freeBytes: 40e9 }),
    readText: nothing,
    list: () => Promise.resolve([]),
    cpus: () => [],
    memoryBytes: () => 8e9,
    addresses: () => ({}),
    fileSystems: () => Promise.resolve([]),
    diskLayout: () => Promise.resolve([]),
    graphics: () => Promise.resolve({ controllers: [], displays: [] }),
    battery: nothing,
    networkInterfaces: () => Promise.resolve([]),
    ...answers,
  }
}
