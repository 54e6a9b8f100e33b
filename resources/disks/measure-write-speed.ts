import { randomBytes, randomFillSync } from 'node:crypto'
import { open, rm, statfs, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

const chunkBytes = 1 << 20
const totalBytes = 32 << 20
/** A very slow disk is known to be slow before it has written everything. */
const longestMs = 8_000
/** What a record of money or a receipt costs: a small write that must be on the disk before it is acknowledged. */
const smallBytes = 4_096
const smallWrites = 8
/** A disk this full is not filled further only to measure it. */
const freeReserveBytes = 4 * totalBytes

/** What a disk can do, or why that could not be measured. */
export type WriteSpeed =
  | {
      readonly kind: 'measured'
      /** Sequential writing, including the time until the data is on the disk. */
      readonly bytesPerSecond: number
      /** Median time of one small synced write. */
      readonly syncMs: number
      readonly bytesWritten: number
      readonly tookMs: number
    }
  | { readonly kind: 'failed'; readonly reason: WriteFailure; readonly message: string }

export type WriteFailure = 'full' | 'readOnly' | 'denied' | 'missing' | 'error'

const reasons: Readonly<Record<string, WriteFailure>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'readOnly',
  EACCES: 'denied',
  EPERM: 'denied',
  ENOENT: 'missing',
  ENOTDIR: 'missing',
}

async function writeMuch(
  file: FileHandle,
  signal: AbortSignal | undefined,
): Promise<{ bytes: number; tookMs: number }> {
  // Random data: some disks and file systems compress, and zeros would flatter them.
  const chunk = randomFillSync(Buffer.allocUnsafe(chunkBytes))
  const startedMs = performance.now()
  let bytes = 0
  while (bytes < totalBytes && performance.now() - startedMs < longestMs) {
    signal?.throwIfAborted()
    await file.write(chunk, 0, chunkBytes, bytes)
    bytes += chunkBytes
  }
  await file.sync()
  return { bytes, tookMs: performance.now() - startedMs }
}

async function writeLittle(file: FileHandle, signal: AbortSignal | undefined): Promise<number> {
  const record = randomBytes(smallBytes)
  const times: number[] = []
  for (let index = 0; index < smallWrites; index += 1) {
    signal?.throwIfAborted()
    const startedMs = performance.now()
    await file.write(record, 0, smallBytes, index * smallBytes)
    await file.datasync()
    times.push(performance.now() - startedMs)
  }
  return times.sort((a, b) => a - b)[smallWrites >> 1] ?? 0
}

async function measure(folder: string, path: string, signal: AbortSignal | undefined): Promise<WriteSpeed> {
  const { bsize, bavail } = await statfs(folder)
  if (bsize * bavail < freeReserveBytes) {
    return { kind: 'failed', reason: 'full', message: `${folder} has less than ${freeReserveBytes} bytes free.` }
  }
  const file = await open(path, 'wx', 0o600)
  try {
    const syncMs = await writeLittle(file, signal)
    const { bytes, tookMs } = await writeMuch(file, signal)
    return {
      kind: 'measured',
      bytesPerSecond: Math.round((bytes / Math.max(tookMs, 0.001)) * 1_000),
      syncMs,
      bytesWritten: bytes,
      tookMs,
    }
  } finally {
    await file.close()
  }
}

/**
 * Measures how fast a disk takes data: at most 32 MiB and about eight seconds, in one temporary file inside `folder` that is
 * removed in every case. What is wrong with the disk is a value; only a cancelled `signal` rejects, with the signal's reason.
 */
export async function measureDiskSuitability(
  folder: string,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<WriteSpeed> {
  const path = join(folder, `.hearth-write-test-${randomBytes(6).toString('hex')}`)
  try {
    return await measure(folder, path, options.signal)
  } catch (error) {
    options.signal?.throwIfAborted()
    const { code = '', message } = error as NodeJS.ErrnoException
    return { kind: 'failed', reason: reasons[code] ?? 'error', message }
  } finally {
    await rm(path, { force: true }).catch(() => {})
  }
}
