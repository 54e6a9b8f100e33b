import { createWriteStream } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { text } from 'node:stream/consumers'
import yauzl, { type Entry, type ZipFile } from 'yauzl'

const fileTypeMask = 0o170000
const symbolicLink = 0o120000

function open(path: string): Promise<ZipFile> {
  return new Promise((done, fail) =>
    yauzl.open(path, { lazyEntries: true, autoClose: true }, (error, zip) => (error ? fail(error) : done(zip))),
  )
}

function read(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((done, fail) => zip.openReadStream(entry, (error, stream) => (error ? fail(error) : done(stream))))
}

/** The place of an entry inside `folder`, or an error: an archive must not write beside its folder. */
function placeOf(folder: string, name: string): string {
  const place = resolve(folder, name)
  if (!place.startsWith(resolve(folder) + sep))
    throw new Error(`The archive holds a path that leaves its folder: ${name}`)
  return place
}

async function writeEntry(zip: ZipFile, entry: Entry, place: string): Promise<void> {
  const mode = entry.externalFileAttributes >>> 16
  await mkdir(dirname(place), { recursive: true })
  if ((mode & fileTypeMask) === symbolicLink) {
    await symlink(await text(await read(zip, entry)), place)
    return
  }
  await pipeline(await read(zip, entry), createWriteStream(place, { mode: mode & 0o777 || 0o644 }))
}

/**
 * Unpacks a zip file. `rename` gets each file's name and returns its name below `folder`, or `null` to leave it out.
 * Permissions and symbolic links are kept; a path that leaves the folder is an error.
 */
export async function extractZip(options: {
  archive: string
  folder: string
  rename: (name: string) => string | null
  onFile?: (count: number) => void
}): Promise<void> {
  const zip = await open(options.archive)
  let count = 0
  const take = async (entry: Entry) => {
    const name = entry.fileName.endsWith('/') ? null : options.rename(entry.fileName)
    if (name === null) return
    await writeEntry(zip, entry, placeOf(options.folder, name))
    count += 1
    options.onFile?.(count)
  }
  try {
    await new Promise<void>((done, fail) => {
      zip.on('error', fail)
      zip.on('end', done)
      zip.on('entry', (entry: Entry) => {
        take(entry).then(() => zip.readEntry(), fail)
      })
      zip.readEntry()
    })
  } finally {
    zip.close()
  }
}
