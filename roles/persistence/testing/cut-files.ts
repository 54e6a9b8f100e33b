import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { FileCall } from './file-calls.ts'

/**
 * What a power cut leaves of files, by the letter of POSIX (as in ALICE, OSDI 2014): bytes are safe once their file was
 * synced, names once their directory was. Everything else may be there, not be there, be there in another order or by half.
 */
export type CutVariant = 'nothing' | 'everything' | 'names only' | 'bytes only' | 'random'
export const cutVariants: readonly CutVariant[] = ['nothing', 'everything', 'names only', 'bytes only', 'random']

type Write = { readonly offset: number; readonly bytes: Uint8Array; safe: boolean }
type Inode = { readonly writes: Write[] }
/** A name that came (`inode` or a directory) or went (null). */
type NameChange = { readonly path: string; readonly to: Inode | 'directory' | null; safe: boolean }
type Disk = { readonly names: NameChange[]; readonly inodes: Map<string, Inode> }

/** Writes below `target` what is left of `directory` when power goes after these calls. */
export function layOutAfterCut(
  calls: readonly FileCall[],
  paths: { readonly directory: string; readonly target: string },
  variant: CutVariant,
  random: () => number,
): void {
  const disk: Disk = { names: [], inodes: new Map() }
  for (const call of calls) apply(disk, call)
  const tree = new Map<string, Inode | 'directory'>()
  for (const { path, to, safe } of disk.names) {
    const persists = safe || keeps(variant, 'name', random)
    if (!persists) continue
    if (to === null) tree.delete(path)
    else tree.set(path, to)
  }
  mkdirSync(paths.target, { recursive: true })
  const reachable = (path: string): boolean =>
    path === paths.directory || (tree.get(path) === 'directory' && reachable(dirname(path)))
  for (const [path, entry] of [...tree].sort(([left], [right]) => left.length - right.length)) {
    if (!reachable(dirname(path))) continue
    const at = join(paths.target, relative(paths.directory, path))
    if (entry === 'directory') mkdirSync(at, { recursive: true })
    else writeFileSync(at, contentOf(entry, variant, random))
  }
}

function apply(disk: Disk, call: FileCall): void {
  const { names, inodes } = disk
  switch (call.kind) {
    case 'create': {
      const inode: Inode = { writes: [] }
      inodes.set(call.path, inode)
      names.push({ path: call.path, to: inode, safe: false })
      return
    }
    case 'write':
      inodes.get(call.path)?.writes.push({ offset: call.offset, bytes: Uint8Array.from(call.bytes), safe: false })
      return
    case 'sync': {
      for (const write of inodes.get(call.path)?.writes ?? []) write.safe = true
      for (const name of names) if (dirname(name.path) === call.path) name.safe = true
      return
    }
    case 'rename': {
      const inode = inodes.get(call.path)
      if (inode === undefined) return
      inodes.delete(call.path)
      inodes.set(call.to, inode)
      // Two directories: either name may be safe before the other.
      names.push({ path: call.to, to: inode, safe: false }, { path: call.path, to: null, safe: false })
      return
    }
    case 'makeDirectory':
      names.push({ path: call.path, to: 'directory', safe: false })
      return
    case 'remove':
      inodes.delete(call.path)
      names.push({ path: call.path, to: null, safe: false })
  }
}

function keeps(variant: CutVariant, what: 'name' | 'bytes', random: () => number): boolean {
  switch (variant) {
    case 'nothing':
      return false
    case 'everything':
      return true
    case 'names only':
      return what === 'name'
    case 'bytes only':
      return what === 'bytes'
    case 'random':
      return random() < 0.5
  }
}

function contentOf({ writes }: Inode, variant: CutVariant, random: () => number): Uint8Array {
  const left: { offset: number; bytes: Uint8Array }[] = []
  for (const { offset, bytes, safe } of writes) {
    if (safe) left.push({ offset, bytes })
    else if (keeps(variant, 'bytes', random)) left.push({ offset, bytes: torn(bytes, variant, random) })
  }
  const content = new Uint8Array(Math.max(0, ...left.map(({ offset, bytes }) => offset + bytes.length)))
  for (const { offset, bytes } of left) content.set(bytes, offset)
  return content
}

/** A write that was under way is there up to some byte. */
function torn(bytes: Uint8Array, variant: CutVariant, random: () => number): Uint8Array {
  return variant === 'random' && random() < 0.5 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes
}
