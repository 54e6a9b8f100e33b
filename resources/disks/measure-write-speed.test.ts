import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { measureDiskSuitability } from './measure-write-speed.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-speed-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('measureDiskSuitability', () => {
  it('measures a real disk and leaves nothing behind', async () => {
    const speed = await measureDiskSuitability(folder)
    expect(speed.kind).toBe('measured')
    if (speed.kind !== 'measured') return
    expect(speed.bytesPerSecond).toBeGreaterThan(0)
    expect(speed.bytesWritten).toBeLessThanOrEqual(32 << 20)
    expect(readdirSync(folder)).toEqual([])
  })

  it('says that a folder is missing', async () => {
    expect(await measureDiskSuitability(join(folder, 'gone'))).toMatchObject({ kind: 'failed', reason: 'missing' })
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(await measureDiskSuitability(file)).toMatchObject({ kind: 'failed', reason: 'missing' })
  })

  it.skipIf(process.getuid?.() === 0)('says that a folder may not be written', async () => {
    chmodSync(folder, 0o500)
    expect(await measureDiskSuitability(folder)).toMatchObject({ kind: 'failed', reason: 'denied' })
  })

  it('removes its file when it is cancelled', async () => {
    const controller = new AbortController()
    const running = measureDiskSuitability(folder, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
    expect(readdirSync(folder)).toEqual([])
  })
})
