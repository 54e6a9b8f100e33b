import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeIndex, type ArchiveEntry } from '../../protocol/archive-index.ts'
import { readFully } from '../source.ts'
import { openArchiveSource } from './archive-source.ts'
import { openTreeWriter } from './restore-tree.ts'
import { scanTree } from './scan-tree.ts'

let directory: string
let tree: string
let out: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-archive-'))
  tree = join(directory, 'docs')
  out = join(directory, 'out')
  mkdirSync(join(tree, 'deep', 'empty'), { recursive: true })
  writeFileSync(join(tree, 'a.txt'), 'first')
  writeFileSync(join(tree, 'deep', 'none'), '')
  writeFileSync(join(tree, 'deep', 'run.sh'), '#!/bin/sh\n')
  chmodSync(join(tree, 'deep', 'run.sh'), 0o750)
  utimesSync(join(tree, 'a.txt'), 1_700_000_000, 1_700_000_000)
  symlinkSync('../a.txt', join(tree, 'deep', 'inside'))
  symlinkSync('/etc/passwd', join(tree, 'outside'))
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** The whole stream as a put would read it, and what its table of contents says. */
async function streamOf(paths: readonly string[]): Promise<{ bytes: Uint8Array; entries: readonly ArchiveEntry[] }> {
  const source = openArchiveSource(await scanTree(paths))
  const bytes = new Uint8Array(source.size)
  await readFully(source, 0, bytes)
  await source.verify?.()
  await source.close()
  const { indexOffset } = source.archive
  return { bytes, entries: decodeIndex(bytes.subarray(indexOffset), indexOffset) }
}

const everything = (entries: readonly ArchiveEntry[]) => new Set(entries.map(({ path }) => path))

/** Writes a stream in parts of that size. */
async function restore(bytes: Uint8Array, entries: readonly ArchiveEntry[], partBytes: number, subject = 'x') {
  const writer = await openTreeWriter(out, entries, everything(entries), { subject })
  try {
    for (let at = 0; at < bytes.length; at += partBytes) await writer.write(at, bytes.subarray(at, at + partBytes))
    await writer.finish()
  } finally {
    await writer.leave()
  }
  return writer
}

describe('a folder as one stream', () => {
  it('skips a link that leads outside, with words, and keeps empty folders, modes and times', async () => {
    const { skipped } = await scanTree([tree])
    expect(skipped).toEqual([{ path: 'docs/outside', why: 'a link that leads out of what is stored' }])
    const { bytes, entries } = await streamOf([tree])
    for (const partBytes of [1, 7, 100_000]) {
      rmSync(out, { recursive: true, force: true })
      await restore(bytes, entries, partBytes)
      expect(readFileSync(join(out, 'docs/a.txt'), 'utf8')).toBe('first')
      expect(readFileSync(join(out, 'docs/deep/none'), 'utf8')).toBe('')
      expect(readdirSync(join(out, 'docs/deep/empty'))).toEqual([])
      expect(readlinkSync(join(out, 'docs/deep/inside'))).toBe('../a.txt')
      expect(lstatSync(join(out, 'docs/deep/run.sh')).mode & 0o777).toBe(0o750)
      expect(lstatSync(join(out, 'docs/a.txt')).mtimeMs).toBe(1_700_000_000_000)
      expect(existsSync(join(out, 'docs/outside'))).toBe(false)
      expect(readdirSync(directory).sort()).toEqual(['docs', 'out'])
    }
  })

  it('refuses a file that changed since it was listed', async () => {
    const source = openArchiveSource(await scanTree([tree]))
    writeFileSync(join(tree, 'a.txt'), 'later and longer')
    await expect(readFully(source, 0, new Uint8Array(source.size))).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
    await expect(source.verify?.()).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
    await source.close()
  })

  it('refuses two places that would be stored under one name', async () => {
    await expect(scanTree([tree, join(tree, 'deep'), join(directory, 'x', '..', 'docs')])).rejects.toMatchObject({
      code: 'NAMES_CLASH',
    })
    await expect(scanTree([join(directory, 'nothing')])).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' })
  })
})

describe('restoring', () => {
  it('5.4 never writes through a link that stands in the place of a folder', async () => {
    const { bytes, entries } = await streamOf([tree])
    const elsewhere = join(directory, 'elsewhere')
    mkdirSync(elsewhere)
    mkdirSync(out)
    symlinkSync(elsewhere, join(out, 'docs'))
    await expect(restore(bytes, entries, 100)).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' })
    expect(readdirSync(elsewhere)).toEqual([])
  })

  it('continues with the files that are missing, and takes back none that somebody changed', async () => {
    const { bytes, entries } = await streamOf([tree])
    const writer = await openTreeWriter(out, entries, everything(entries), { subject: 'x' })
    await writer.write(0, bytes.subarray(0, 5))
    await writer.leave()
    const again = await openTreeWriter(out, entries, everything(entries), { subject: 'x' })
    expect([again.filesThere, again.wants(0, 5), again.wants(5, 6)]).toEqual([2, false, true])
    await again.leave()
    writeFileSync(join(out, 'docs/a.txt'), 'FIRST')
    const third = await openTreeWriter(out, entries, everything(entries), { subject: 'x' })
    expect([third.filesThere, third.wants(0, 5)]).toEqual([1, true])
    await third.leave()
    expect((await openTreeWriterOnce(entries)).filesThere).toBe(0)
  })

  async function openTreeWriterOnce(entries: readonly ArchiveEntry[]) {
    const writer = await openTreeWriter(out, entries, everything(entries), { subject: 'another archive' })
    await writer.leave()
    return writer
  }
})
