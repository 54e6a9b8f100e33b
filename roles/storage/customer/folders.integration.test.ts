import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSources } from './archive/open-sources.ts'
import { openStoredArchive } from './archive/open-archive.ts'
import { getFile } from './get-file.ts'
import { getTree } from './get-tree.ts'
import { partPathOf } from './part-file.ts'
import { putFile } from './put-file.ts'
import { startMarketTown, type MarketTown } from './testing/start-market-town.ts'

const MiB = 1024 * 1024
let town: MarketTown
let files: string

beforeAll(async () => {
  town = await startMarketTown({ providers: 16 })
  files = join(town.directory, 'files')
  mkdirSync(files)
}, 120_000)

afterAll(() => town?.stop(), 60_000)

/** Every file below a folder with the hash of its content. */
function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  const found = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    found
      .sort()
      .map((path) => [path.slice(folder.length + 1), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  )
}

describe('five hundred small files', () => {
  let manifest: Uint8Array
  let tree: string

  beforeAll(() => {
    tree = join(files, 'photos')
    for (let index = 0; index < 500; index++) {
      const folder = join(tree, `year-${index % 7}`, `month-${index % 12}`)
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, `${index}.jpg`), randomBytes(1 + ((index * 977) % 9000)))
    }
    mkdirSync(join(tree, 'nothing yet'))
  })

  it('cost one segment and twelve pieces', async () => {
    const sources = await openSources([tree])
    const put = await putFile(town.context, sources)
    await sources.close()
    manifest = put.manifest
    expect(put.summary).toMatchObject({ segments: 1, pieces: 12 })
    expect(Buffer.from(manifest).includes('photos')).toBe(false)
  }, 60_000)

  it('come back as they were, the empty folder too', async () => {
    const folder = join(files, 'back')
    const summary = await getTree(town.context, { manifest, folder, path: null })
    expect(summary.files).toBe(500)
    expect(contentsOf(join(folder, 'photos'))).toEqual(contentsOf(tree))
    expect(readdirSync(join(folder, 'photos', 'nothing yet'))).toEqual([])
  }, 60_000)

  it('are listed by their table of contents, and come back singly or by folder', async () => {
    const archive = await openStoredArchive(town.context, manifest)
    archive.close()
    expect(archive.entries.filter(({ kind }) => kind === 'file')).toHaveLength(500)
    const one = join(files, 'one')
    await getTree(town.context, { manifest, folder: one, path: 'photos/year-1/month-1/1.jpg' })
    expect(Object.keys(contentsOf(one))).toEqual(['photos/year-1/month-1/1.jpg'])
    const some = join(files, 'some')
    await getTree(town.context, { manifest, folder: some, path: 'photos/year-3/' })
    expect(contentsOf(join(some, 'photos', 'year-3'))).toEqual(contentsOf(join(tree, 'year-3')))
    const none = getTree(town.context, { manifest, folder: some, path: 'photos/year-9' })
    await expect(none).rejects.toMatchObject({ code: 'PATH_UNKNOWN' })
    const single = getFile(town.context, { manifest, output: join(files, 'single') })
    await expect(single).rejects.toMatchObject({ code: 'MANIFEST_OF_FOLDER' })
  }, 60_000)
})

describe('a get that was interrupted', () => {
  it('fetches only what is missing, and trusts nothing that was changed meanwhile', async () => {
    const path = join(files, 'film')
    // Three segments: while the second is written the third is still on its way, so a cancel there always comes in time.
    const bytes = randomBytes(160 * MiB)
    writeFileSync(path, bytes)
    const { manifest } = await putFile(town.context, { source: path, pathName: 'film' })
    const output = join(files, 'film.out')
    const interrupt = async (afterBytes: number): Promise<void> => {
      const cancel = new AbortController()
      const onProgress = ({ bytesDone }: { bytesDone: number }) => bytesDone > afterBytes && cancel.abort()
      const get = getFile(town.context, { manifest, output, signal: cancel.signal, onProgress })
      await expect(get).rejects.toMatchObject({ code: 'CANCELLED' })
    }
    await interrupt(66 * MiB)
    expect([existsSync(output), existsSync(partPathOf(output))]).toEqual([false, true])
    const part = readFileSync(partPathOf(output))
    part[5]! ^= 1
    writeFileSync(partPathOf(output), part)
    const found: number[] = []
    const onContinue = ({ segmentsThere }: { segmentsThere: number }) => void found.push(segmentsThere)
    await getFile(town.context, { manifest, output, onContinue })
    // The first segment is fetched again; the second may have been whole when the get ended.
    expect([undefined, 1]).toContain(found.pop())
    expect(readFileSync(output).equals(bytes)).toBe(true)
    await interrupt(66 * MiB)
    const { paidWei } = await getFile(town.context, { manifest, output, onContinue })
    expect([1, 2]).toContain(found.pop())
    expect(paidWei).toBeGreaterThan(0n)
    expect(readFileSync(output).equals(bytes)).toBe(true)
    expect(readdirSync(files).filter((name) => name.startsWith('.'))).toEqual([])
  }, 240_000)
})
