import fs, { type PathLike } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import type { FileHandle } from 'node:fs/promises'
import type { Undo } from '../../api/values.ts'

/** One call that changes a file system or makes it durable, as this process makes it. */
export type FileCall =
  | { readonly kind: 'create'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'sync'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'makeDirectory'; readonly path: string }
  | { readonly kind: 'remove'; readonly path: string }

/** What stands around every call. `done` is called once the system call has returned, never when it failed. */
export type FileCallWatcher = { before?(call: FileCall): void; done?(call: FileCall): void }

const changing = /[wax+]/

/**
 * Puts a watcher around `node:fs/promises` for the whole process, below everything that imports it: the fault-injecting
 * layer of crash tests. Writes of a handle carry where they went, whoever keeps the position. The undo takes it away again.
 */
export async function watchFileCalls(watcher: FileCallWatcher): Promise<Undo> {
  const { promises } = fs
  const original = { open: promises.open, rename: promises.rename, mkdir: promises.mkdir, rm: promises.rm }
  const handles = new WeakMap<FileHandle, { path: string; end: number }>()
  const around = async <T>(call: FileCall, work: () => Promise<T>): Promise<T> => {
    watcher.before?.(call)
    const result = await work()
    watcher.done?.(call)
    return result
  }
  promises.open = async (path, flags, mode) => {
    const text = String(path)
    const work = (): Promise<FileHandle> => original.open(path, flags, mode)
    const creates = typeof flags === 'string' && changing.test(flags) && !fs.existsSync(text)
    const handle = creates ? await around({ kind: 'create', path: text }, work) : await work()
    handles.set(handle, { path: text, end: 0 })
    return handle
  }
  promises.rename = (from, to) =>
    around({ kind: 'rename', path: String(from), to: String(to) }, () => original.rename(from, to))
  promises.rm = (path, options) =>
    fs.existsSync(path)
      ? around({ kind: 'remove', path: String(path) }, () => original.rm(path, options))
      : original.rm(path, options)
  promises.mkdir = makeDirectories(original.mkdir, around) as typeof promises.mkdir
  const undoHandles = await watchHandles(original.open, handles, around)
  syncBuiltinESMExports()
  return () => {
    Object.assign(promises, original)
    undoHandles()
    syncBuiltinESMExports()
  }
}

type Around = <T>(call: FileCall, work: () => Promise<T>) => Promise<T>

/** A recursive mkdir becomes one call for each directory that it really makes. */
function makeDirectories(mkdir: typeof fs.promises.mkdir, around: Around) {
  return async (path: PathLike, options?: fs.MakeDirectoryOptions): Promise<string | undefined> => {
    const text = String(path)
    if (fs.existsSync(text)) return mkdir(path, options)
    const missing = [text]
    while (options?.recursive === true) {
      const parent = missing[0]!.replace(/\/[^/]+\/?$/, '')
      if (parent === '' || fs.existsSync(parent)) break
      missing.unshift(parent)
    }
    for (const one of missing) await around({ kind: 'makeDirectory', path: one }, () => mkdir(one, options))
    return missing[0]
  }
}

async function watchHandles(
  open: typeof fs.promises.open,
  handles: WeakMap<FileHandle, { path: string; end: number }>,
  around: Around,
): Promise<Undo> {
  const probe = await open(import.meta.filename ?? process.execPath, 'r')
  const prototype = Object.getPrototypeOf(probe) as FileHandle
  await probe.close()
  const { write, writeFile, sync } = prototype
  const bytesOf = (data: unknown, from = 0, length?: number): Uint8Array =>
    typeof data === 'string'
      ? Buffer.from(data)
      : Buffer.from(data as Uint8Array).subarray(from, length && from + length)
  const written = (handle: FileHandle, bytes: Uint8Array): FileCall | null => {
    const known = handles.get(handle)
    if (known === undefined) return null
    const call: FileCall = { kind: 'write', path: known.path, offset: known.end, bytes }
    known.end += bytes.length
    return call
  }
  Object.assign(prototype, {
    write(this: FileHandle, data: Uint8Array, from?: number, length?: number, position?: number) {
      const call = written(this, bytesOf(data, from, length))
      const work = (): unknown => Reflect.apply(write, this, [data, from, length, position]) as unknown
      return call === null ? work() : around(call, work as () => Promise<unknown>)
    },
    writeFile(this: FileHandle, data: Uint8Array | string, ...rest: unknown[]) {
      const call = written(this, bytesOf(data))
      const work = (): unknown => Reflect.apply(writeFile, this, [data, ...rest]) as unknown
      return call === null ? work() : around(call, work as () => Promise<unknown>)
    },
    sync(this: FileHandle) {
      const known = handles.get(this)
      const work = (): Promise<void> => Reflect.apply(sync, this, []) as Promise<void>
      return known === undefined ? work() : around({ kind: 'sync', path: known.path }, work)
    },
  })
  return () => void Object.assign(prototype, { write, writeFile, sync })
}
