import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { completeLockFile, missingParts, type LockFile } from './complete-lock-file.ts'

const lockFile = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../package-lock.json'), 'utf8'),
) as LockFile

describe('the lock file', () => {
  it('names every part for every system, so that `npm ci` accepts it everywhere (else: npm run lock:complete)', () => {
    expect(Object.keys(missingParts(lockFile))).toEqual([])
  })

  it('holds one exact version of everything and nothing that npm would have to choose', () => {
    const entries = Object.entries(lockFile.packages).filter(([path]) => path !== '')
    const loose = entries.filter(([, entry]) => !/^\d+\.\d+\.\d+/.test(entry.version ?? ''))
    expect(loose.map(([path]) => path)).toEqual([])
  })
})

describe('completeLockFile', () => {
  const tool = {
    version: '1.0.0',
    dev: true,
    optionalDependencies: { '@tool/linux-x64-musl': '1.0.0', '@tool/win32-arm64': '1.0.0' },
  }

  it('adds what is missing with the system that its name tells, and leaves the rest alone', () => {
    const lock = { packages: { 'node_modules/tool': tool, 'node_modules/@tool/win32-arm64': { version: '1.0.0' } } }
    const { packages } = completeLockFile(lock)
    expect(packages['node_modules/@tool/linux-x64-musl']).toEqual({
      version: '1.0.0',
      cpu: ['x64'],
      dev: true,
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    })
    expect(packages['node_modules/@tool/win32-arm64']).toEqual({ version: '1.0.0' })
    expect(missingParts({ packages })).toEqual({})
  })

  it('looks where Node looks: in the package itself and in every folder above', () => {
    const nested = 'node_modules/a/node_modules/tool'
    const lock = {
      packages: {
        [nested]: tool,
        'node_modules/a/node_modules/@tool/linux-x64-musl': { version: '1.0.0' },
        [`${nested}/node_modules/@tool/win32-arm64`]: { version: '1.0.0' },
      },
    }
    expect(missingParts(lock)).toEqual({})
  })
})
