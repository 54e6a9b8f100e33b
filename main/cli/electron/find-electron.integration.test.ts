import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findElectron } from './find-electron.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-electron-'))
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

describe.runIf(process.platform === 'linux')('findElectron', () => {
  it('takes the named folder first and asks the program itself for its version', async () => {
    writeFileSync(join(folder, 'electron'), '#!/bin/sh\n[ "$ELECTRON_RUN_AS_NODE" = 1 ] && echo 99.1.2\n', {
      mode: 0o755,
    })
    expect(await findElectron()).toEqual({
      path: join(folder, 'electron'),
      version: '99.1.2',
      source: `ELECTRON_OVERRIDE_DIST_PATH (${folder})`,
    })
  })

  it('says what is wrong with a named folder that holds no Electron', async () => {
    await expect(findElectron()).rejects.toThrow(`there is no ${join(folder, 'electron')}`)
  })
})
