import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { acquireLock, lockHolder } from './acquire-lock.ts'
import { diskFaultOf, LockedError } from './errors.ts'
import { isAlive, ownIdentity } from './process-identity.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

const top = mkdtempSync(join(tmpdir(), 'hearth-files-'))
afterAll(() => rmSync(top, { recursive: true, force: true }))

describe('writeFileAtomic', () => {
  it('replaces a file whole, sets its mode and leaves no temporary file', async () => {
    const path = join(top, 'atomic', 'file')
    await expect(writeFileAtomic(path, 'x')).rejects.toSatisfy((error) => diskFaultOf(error) === 'missing')
    const directory = mkdtempSync(join(top, 'atomic-'))
    await writeFileAtomic(join(directory, 'file'), 'old')
    await writeFileAtomic(join(directory, 'file'), 'new', { mode: 0o640 })
    expect(readFileSync(join(directory, 'file'), 'utf8')).toBe('new')
    expect(statSync(join(directory, 'file')).mode & 0o777).toBe(0o640)
    expect(readdirSync(directory)).toEqual(['file'])
  })
})

describe('acquireLock', () => {
  it('is held by one, named in the error, and free after release', () => {
    const path = join(top, 'lock-a')
    const lock = acquireLock(path)
    expect(() => acquireLock(path)).toThrow(LockedError)
    expect(lockHolder(path)?.pid).toBe(process.pid)
    lock.release()
    lock.release()
    expect(lockHolder(path)).toBeNull()
    acquireLock(path).release()
  })

  it('takes over from a process that was killed, and from one whose number was given away again', async () => {
    const path = join(top, 'lock-b')
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const pid = child.pid ?? 0
    child.kill('SIGKILL')
    await new Promise((resolve) => child.on('close', resolve))
    writeFileSync(path, JSON.stringify({ pid, startedAt: 'boot/1', token: 'x' }))
    acquireLock(path).release()
    if (ownIdentity().startedAt !== null) {
      writeFileSync(path, JSON.stringify({ pid: process.pid, startedAt: 'another boot/7', token: 'x' }))
      acquireLock(path).release()
    }
  })

  it('takes over a file that a crash left half written', () => {
    const path = join(top, 'lock-c')
    writeFileSync(path, '{"pid":12')
    acquireLock(path).release()
  })

  it('knows its own process as alive', () => {
    expect(isAlive(ownIdentity())).toBe(true)
  })
})
