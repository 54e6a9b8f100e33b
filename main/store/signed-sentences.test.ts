import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSignedSentences, type SignedSentence } from './signed-sentences.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-signed-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const sentence: SignedSentence = {
  formatVersion: 1,
  id: 'ab'.repeat(16),
  request: { kind: 'claim', micro: '7' },
  operator: `0x${'11'.repeat(20)}`,
  text: 'Hearth: claim\n0.000007 HRTH',
  number: 3,
  deadlineSeconds: 1_800_000_000,
  recipient: `0x${'22'.repeat(20)}`,
  composedAtBlock: 5,
  call: { to: `0x${'33'.repeat(20)}`, data: '0x01' },
  raw: null,
}

test('a kept sentence is there for the next process, readable by its owner only, until it is forgotten', async () => {
  await openSignedSentences(directory).keep(sentence)
  expect(await openSignedSentences(directory).list()).toEqual([sentence])
  const path = join(directory, `${sentence.id}.json`)
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  await openSignedSentences(directory).forget(sentence.id)
  await openSignedSentences(directory).forget(sentence.id)
  expect(await openSignedSentences(directory).list()).toEqual([])
})

test('a damaged file is named and left as it is', async () => {
  const path = join(directory, 'cd.json')
  writeFileSync(path, '{"formatVersion":1')
  await expect(openSignedSentences(directory).list()).rejects.toMatchObject({
    code: 'SIGNED_SENTENCE_INVALID',
    message: expect.stringContaining(path) as string,
  })
  expect(readFileSync(path, 'utf8')).toBe('{"formatVersion":1')
})

test('an id that is no id names no file', async () => {
  await expect(openSignedSentences(directory).keep({ ...sentence, id: '../../keys/gas' })).rejects.toThrow()
})
