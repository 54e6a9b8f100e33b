import { encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ArchiveError,
  checkEntries,
  decodeIndex,
  encodeIndex,
  placeFiles,
  selectEntries,
  staysInside,
  type ArchiveEntry,
} from './archive-index.ts'
import { checkNames, nameRulesOf } from './portable-names.ts'

const file = (path: string, bytes = 1): ArchiveEntry => ({
  kind: 'file',
  path,
  bytes,
  mtimeMs: 1_790_000_000_000,
  mode: 0o644,
})
const folder = (path: string): ArchiveEntry => ({ kind: 'folder', path, mtimeMs: 0, mode: 0o755 })
const link = (path: string, target: string): ArchiveEntry => ({ kind: 'link', path, target, mtimeMs: 0 })

function codeOf(work: () => unknown): string {
  try {
    work()
    return 'accepted'
  } catch (error) {
    if (error instanceof ArchiveError) return error.code
    throw error
  }
}

describe('a table of contents', () => {
  const entries = [folder('docs'), file('docs/a.txt', 5), folder('docs/empty'), link('docs/b', 'a.txt'), file('z ☃', 7)]

  it('comes back as it was, and says where each content stands', () => {
    expect(decodeIndex(encodeIndex(entries), 12)).toEqual(entries)
    expect(placeFiles(entries).map(({ path, offsetBytes }) => [path, offsetBytes])).toEqual([
      ['docs/a.txt', 0],
      ['z ☃', 5],
    ])
  })

  it('gives one file, or a folder with all that is below it and nothing beside', () => {
    const beside = [...entries, file('docs.txt')]
    expect(selectEntries(beside, 'docs').map(({ path }) => path)).toEqual([
      'docs',
      'docs/a.txt',
      'docs/empty',
      'docs/b',
    ])
    expect(selectEntries(beside, 'docs/a.txt')).toHaveLength(1)
    expect(selectEntries(beside, 'doc')).toEqual([])
  })

  it.each(['../evil', 'a/../../evil', '/etc/passwd', 'a//b', './a', 'a/', 'nul\0byte'])(
    '5.4 a hostile table of contents cannot write outside the folder: %j',
    (path) => {
      const bytes = encode({ formatVersion: 1, entries: [file(path)] })
      expect(codeOf(() => decodeIndex(bytes, 1))).toBe('INDEX_INVALID')
    },
  )

  it('5.4 a hostile table of contents cannot write through a link, name a file twice, or lead a link outside', () => {
    const hostile = [
      [link('a', 'b'), file('a/evil')],
      [file('a'), file('a')],
      [file('a'), file('a/b')],
      [link('a', '/etc')],
      [link('a/b', '../../etc')],
      [link('a', 'C:\\Windows')],
    ]
    for (const one of hostile) {
      const total = one.filter(({ kind }) => kind === 'file').length
      expect(codeOf(() => decodeIndex(encode({ formatVersion: 1, entries: one }), total))).toBe('INDEX_INVALID')
    }
  })

  it('is refused when it is no CBOR, of another version, or does not fill the stream', () => {
    expect(codeOf(() => decodeIndex(new Uint8Array([255, 1]), 0))).toBe('INDEX_INVALID')
    expect(codeOf(() => decodeIndex(encode({ formatVersion: 2, entries: [] }), 0))).toBe('INDEX_INVALID')
    expect(codeOf(() => decodeIndex(encodeIndex(entries), 11))).toBe('INDEX_INVALID')
    expect(codeOf(() => decodeIndex(encode({ formatVersion: 1, entries: [file('a', -1)] }), -1))).toBe('INDEX_INVALID')
  })

  it('never throws anything but words, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(codeOf(() => decodeIndex(bytes, 0))).toMatch(/accepted|INDEX_INVALID/)
      }),
    )
  })

  it('lets a link lead only where its target, joined and resolved, stays inside', () => {
    const part = fc.constantFrom('..', '.', 'a', 'b')
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('x', 'y'), { minLength: 1, maxLength: 4 }),
        fc.array(part, { minLength: 1, maxLength: 6 }),
        (at, to) => {
          const root = '/r1/r2/r3/r4/r5/r6/root'
          const inside = staysInside(at.join('/'), to.join('/'))
          const resolved = new URL(to.join('/'), `file://${root}/${at.join('/')}`).pathname
          if (inside) expect(`${resolved}/`.startsWith(`${root}/`)).toBe(true)
        },
      ),
    )
  })
})

describe('names on another computer', () => {
  const windows = nameRulesOf('win32')

  it.each(['docs/CON', 'aux.txt', 'COM1', 'a:b', 'trailing. ', 'dot.', 'a\\b', 'what?'])(
    'refuses %j on Windows',
    (path) => {
      expect(codeOf(() => checkNames([file(path)], windows))).toBe('NAME_UNUSABLE')
      expect(codeOf(() => checkNames([file(path)], nameRulesOf('linux')))).toBe('accepted')
    },
  )

  it('refuses two names that are one where capitals do not count, in folders too', () => {
    for (const pair of [
      ['README', 'readme'],
      ['Docs/a', 'docs/b'],
      ['é', 'e\u0301'],
    ] as const) {
      const entries = pair.map((path) => file(path))
      expect(codeOf(() => checkEntries(entries))).toBe('accepted')
      expect(codeOf(() => checkNames(entries, nameRulesOf('darwin')))).toBe('NAME_UNUSABLE')
      expect(codeOf(() => checkNames(entries, nameRulesOf('linux')))).toBe('accepted')
    }
    expect(codeOf(() => checkNames([file('docs/a'), file('docs/b')], windows))).toBe('accepted')
  })
})
