import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseRoot } from '../piece-root.ts'
import { openSeveralDisks } from '../testing/several-disks.ts'

const directory = mkdtempSync(join(tmpdir(), 'hearth-move-crash-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Lets the child move pieces to and fro and kills it at a random moment; resolves to the roots that it acknowledged. */
async function moveAndKill(): Promise<string[]> {
  const script = join(import.meta.dirname, '../testing/move-until-killed.ts')
  const child = spawn(process.execPath, ['--no-warnings', script, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    if (text === '') setTimeout(() => child.kill('SIGKILL'), 200 + Math.random() * 800)
    text += chunk.toString()
  })
  await new Promise((resolve) => child.on('close', resolve))
  return text.split('\n').slice(0, -1)
}

describe('a provider killed with -9 while pieces move between its disks', () => {
  it('has every acknowledged piece, whole and once, on the disk that the index names; eight times on one store', async () => {
    const acknowledged: string[] = []
    for (let round = 0; round < 8; round++) {
      acknowledged.push(...(await moveAndKill()))
      const open = await openSeveralDisks(directory, ['one', 'two'])
      expect(open.recoveries.flatMap((report) => report.lost)).toEqual([])
      for (const text of acknowledged) {
        const root = parseRoot(text)
        const { lengthBytes, disk } = open.index.piece(root)!
        let readBytes = 0
        for await (const chunk of open.store.read(root, 0, lengthBytes)) readBytes += chunk.length
        expect(readBytes).toBe(lengthBytes)
        const holders = ['one', 'two'].filter((name) => open.filesIn(name).includes(text.slice(2)))
        expect(holders.map((name) => open.disk(name).id())).toEqual([disk])
      }
      for (const name of ['one', 'two']) expect(readdirSync(join(directory, name, 'incoming'))).toEqual([])
      open.close()
    }
    expect(acknowledged.length).toBeGreaterThan(8)
  }, 180_000)
})
