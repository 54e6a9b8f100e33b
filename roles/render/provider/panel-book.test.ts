import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../../persistence/index.ts'
import { createPanelBook, panelMigrations } from './panel-book.ts'

const seat = { jobId: `0x${'11'.repeat(32)}`, task: 3, voteBySeconds: 1_000, revealBySeconds: 1_020 }

it('sits again on a later panel about the same task, and forgets nothing when the first is read once more', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-panel-book-'))
  const database = openDatabase(join(folder, 'panels.sqlite'), panelMigrations)
  const book = createPanelBook(database)
  book.add(seat)
  const [first] = book.open()
  book.decide(first!, 'wrong', new Uint8Array(32).fill(7))
  book.move(first!, 'voted')
  book.add(seat)
  expect(book.open()).toMatchObject([{ vote: 'wrong', state: 'voted', voteBySeconds: 1_000 }])

  book.move(first!, 'done')
  const later = { ...seat, voteBySeconds: 2_000, revealBySeconds: 2_020 }
  book.add(later)
  expect(book.open()).toEqual([{ ...later, vote: null, salt: null, state: 'looking' }])
  database.close()
  rmSync(folder, { recursive: true })
})
