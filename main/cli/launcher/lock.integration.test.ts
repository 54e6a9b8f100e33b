import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { withLock } from './lock.mjs'
import { runScript, type NodeScript } from './testing/node-script.ts'

const lockModule = pathToFileURL(join(import.meta.dirname, 'lock.mjs')).href
const started: NodeScript[] = []
afterEach(() => started.splice(0).forEach((script) => script.process.kill('SIGKILL')))

function holder(name: string): NodeScript {
  const script = runScript(`
    import { withLock } from '${lockModule}'
    setInterval(() => {}, 1000)
    await withLock('${name}', () => {}, () => new Promise(() => console.log('held')))
  `)
  started.push(script)
  return script
}

describe('withLock', () => {
  it('lets one at a time in, in this process too', async () => {
    const name = `test one ${process.pid}`
    let inside = 0
    let most = 0
    const work = async () => {
      inside += 1
      most = Math.max(most, inside)
      await new Promise((done) => setTimeout(done, 20))
      inside -= 1
      return most
    }
    await Promise.all([1, 2, 3].map(() => withLock(name, () => {}, work)))
    expect(most).toBe(1)
  })

  it('gives the lock back when the work fails', async () => {
    const name = `test fail ${process.pid}`
    await expect(
      withLock(
        name,
        () => {},
        () => Promise.reject(new Error('broken')),
      ),
    ).rejects.toThrow('broken')
    expect(
      await withLock(
        name,
        () => {},
        () => Promise.resolve('next'),
      ),
    ).toBe('next')
  })

  it('says that it waits, and takes over from a holder that was killed', async () => {
    const name = `test kill ${process.pid}`
    const other = holder(name)
    expect(await other.nextLine()).toBe('held')
    const said: string[] = []
    const mine = withLock(
      name,
      (line) => said.push(line),
      () => Promise.resolve('mine'),
    )
    await new Promise((done) => setTimeout(done, 2_000))
    expect(said).toHaveLength(1)
    other.process.kill('SIGKILL')
    expect(await mine).toBe('mine')
  })
})
