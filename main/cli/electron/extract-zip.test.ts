import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { extractZip } from './extract-zip.ts'

type File = { name: string; text: string; mode: number }

/** The smallest zip file that holds these files, stored without compression (PKWARE APPNOTE 4.3). */
function zipOf(files: readonly File[]): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const { name, text, mode } of files) {
    const [nameBytes, data] = [Buffer.from(name), Buffer.from(text)]
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameBytes, data])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE((mode << 16) >>> 0, 6)
    tail.writeUInt32LE(offset, 10)
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, tail, nameBytes]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end])
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-zip-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function extract(files: readonly File[], rename: (name: string) => string | null): Promise<string> {
  const archive = join(folder, 'archive.zip')
  writeFileSync(archive, zipOf(files))
  const target = join(folder, 'target')
  await extractZip({ archive, folder: target, rename })
  return target
}

describe('extractZip', () => {
  it('keeps permissions and links, renames and leaves out', async () => {
    const target = await extract(
      [
        { name: 'App/program', text: 'run', mode: 0o100755 },
        { name: 'App/data/file', text: 'data', mode: 0o100644 },
        { name: 'App/link', text: 'program', mode: 0o120777 },
        { name: 'App/unwanted', text: 'x', mode: 0o100644 },
      ],
      (name) => (name.endsWith('unwanted') ? null : name.slice('App/'.length)),
    )
    expect(statSync(join(target, 'program')).mode & 0o777).toBe(0o755)
    expect(readFileSync(join(target, 'data/file'), 'utf8')).toBe('data')
    expect(readlinkSync(join(target, 'link'))).toBe('program')
    expect(() => lstatSync(join(target, 'unwanted'))).toThrow('ENOENT')
  })

  it.each(['../escaped', '/escaped', 'a/../../escaped'])(
    'refuses a file that would leave the folder: %s',
    async (name) => {
      await expect(extract([{ name, text: 'x', mode: 0o100644 }], (same) => same)).rejects.toThrow()
      await expect(extract([{ name: 'harmless', text: 'x', mode: 0o100644 }], () => '../escaped')).rejects.toThrow(
        'leaves its folder',
      )
      expect(() => lstatSync(join(folder, 'escaped'))).toThrow('ENOENT')
    },
  )
})
