import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseRoot } from './piece-root.ts'
import { openTestStore } from './testing/open-test-store.ts'
import { everythingAllowed } from './testing/everything-allowed.ts'

const directory = mkdtempSync(join(tmpdir(), 'hearth-store-crash-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Lets the child store pieces and kills it at a random moment; resolves to the roots that it acknowledged. */
async function storeAndKill(): Promise<string[]> {
  const script = join(import.meta.dirname, 'testing/store-until-killed.ts')
  const child = spawn(process.execPath, ['--no-warnings', script, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    if (text === '') setTimeout(() => child.kill('SIGKILL'), Math.random() * 150)
    text += chunk.toString()
  })
  await new Promise((resolve) => child.on('close', resolve))
  const lines = text.split('\n')
  return lines.slice(0, -1)
}

describe('a provider killed with -9', () => {
  it('has every acknowledged piece, whole, and no half ones, five times on one store', async () => {
    const acknowledged: string[] = []
    for (let round = 0; round < 5; round++) {
      acknowledged.push(...(await storeAndKill()))
      const open = await openTestStore(directory, () => everythingAllowed)
      expect(open.recoveries[0]?.lost).toEqual([])
      expect(readdirSync(join(open.workDirectory, 'incoming'))).toEqual([])
      for (const root of acknowledged) {
        const length = open.index.piece(parseRoot(root))?.lengthBytes ?? 0
        let read = 0
        for await (const chunk of open.store.read(parseRoot(root), 0, length)) read += chunk.length
        expect(read).toBe(length)
        expect(length).toBeGreaterThan(0)
      }
      open.close()
    }
    expect(acknowledged.length).toBeGreaterThan(5)
  }, 120_000)
})
