import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openDatabase } from './open-database.ts'
import { receiptMigrations } from './testing/receipt-migrations.ts'

const directory = mkdtempSync(join(tmpdir(), 'hearth-crash-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Runs the writer, kills it after some acknowledged receipts, resolves to the last one that it said aloud. */
async function writeAndKill(path: string, after: number): Promise<number> {
  const script = join(import.meta.dirname, 'testing/write-until-killed.ts')
  const child = spawn(process.execPath, ['--no-warnings', script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  let said = 0
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    said += chunk.toString().split('\n').length - 1
    if (said >= after) child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.on('close', resolve))
  return Number(text.trim().split('\n').at(-1))
}

describe('a writer killed with -9', () => {
  it('loses nothing that it acknowledged, ten times on one database', async () => {
    const path = join(directory, 'receipts.sqlite')
    for (let round = 0; round < 10; round++) {
      const acknowledged = await writeAndKill(path, 3 + Math.floor(Math.random() * 60))
      const database = openDatabase(path, receiptMigrations)
      const row = database.prepare('SELECT count(*) AS count, max(id) AS id FROM receipts').get()
      database.close()
      expect(Number(row?.['id'])).toBeGreaterThanOrEqual(acknowledged)
      expect(row?.['count']).toBe(row?.['id'])
    }
  }, 60_000)
})
