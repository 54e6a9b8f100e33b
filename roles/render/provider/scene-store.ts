import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { temporarySuffix } from '../../persistence/index.ts'
import { RefusedError } from './errors.ts'

/** Scene files that customers sent, by their hash. Hostile bytes: kept, hashed and handed to the engine's window, nothing else. */
export type SceneStore = {
  has(sceneHash: string): Promise<boolean>
  /** Throws where it is gone. */
  read(sceneHash: string): Promise<Uint8Array<ArrayBuffer>>
  /** Takes a file whose hash and length are known. Throws RefusedError wrongScene or tooLarge and keeps nothing. */
  take(o: { sceneHash: string; lengthBytes: number }, bytes: AsyncIterable<Uint8Array>): Promise<void>
  remove(sceneHash: string): Promise<void>
  /** Makes room for so many bytes by removing the scenes that were used longest ago, but for those in use. */
  makeRoom(bytes: number, inUse: ReadonlySet<string>): Promise<void>
}

/** All scenes together take this much disk at most. */
const quotaBytes = 1024 * 1024 * 1024

export function createSceneStore(folder: string): SceneStore {
  const path = (sceneHash: string): string => join(folder, `${sceneHash.slice(2)}.glb`)
  return {
    has: (sceneHash) =>
      stat(path(sceneHash)).then(
        () => true,
        () => false,
      ),
    read: async (sceneHash) => Uint8Array.from(await readFile(path(sceneHash))),
    async take({ sceneHash, lengthBytes }, bytes) {
      await mkdir(folder, { recursive: true })
      const temporary = join(folder, `.${randomBytes(6).toString('hex')}${temporarySuffix}`)
      try {
        const hash = await writeHashed(temporary, bytes, lengthBytes)
        if (hash !== sceneHash)
          throw new RefusedError('wrongScene', `The scene has the hash ${hash}, not ${sceneHash}.`)
        await rename(temporary, path(sceneHash))
      } finally {
        await rm(temporary, { force: true })
      }
    },
    remove: (sceneHash) => rm(path(sceneHash), { force: true }),
    async makeRoom(bytes, inUse) {
      const names = await readdir(folder).catch(() => [])
      const files = await Promise.all(names.map(async (name) => ({ name, ...(await statOf(join(folder, name))) })))
      let used = files.reduce((sum, file) => sum + file.size, 0)
      for (const file of files.sort((left, right) => left.mtimeMs - right.mtimeMs)) {
        if (used + bytes <= quotaBytes) return
        if (inUse.has(`0x${file.name.replace('.glb', '')}`)) continue
        await rm(join(folder, file.name), { force: true })
        used -= file.size
      }
      if (used + bytes > quotaBytes) throw new RefusedError('busy', 'There is no room for another scene now.')
    },
  }
}

async function statOf(path: string): Promise<{ size: number; mtimeMs: number }> {
  const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }))
  return { size, mtimeMs }
}

async function writeHashed(path: string, bytes: AsyncIterable<Uint8Array>, lengthBytes: number): Promise<string> {
  const handle = await open(path, 'wx', 0o600)
  const hash = createHash('sha256')
  let left = lengthBytes
  try {
    for await (const chunk of bytes) {
      left -= chunk.length
      if (left < 0) throw new RefusedError('tooLarge', `The scene is longer than ${lengthBytes} bytes.`)
      hash.update(chunk)
      await handle.write(chunk)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return `0x${hash.digest('hex')}`
}
