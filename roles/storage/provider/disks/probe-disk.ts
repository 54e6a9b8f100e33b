import { randomBytes } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { temporarySuffix } from '../../../persistence/index.ts'

/** What a slow disk writes to show that it has become quick again; others are measured by the pieces that come. */
const slowProbeBytes = 1024 * 1024
const probeBytes = 512

export type ProbeResult = {
  /** Milliseconds until a few bytes were written and synced. */
  readonly latencyMs: number
  readonly write: { readonly bytes: number; readonly ms: number } | null
}

/** Writes and syncs a small file and removes it. Rejects with the file system's error; nothing stays behind. */
export async function probeDisk(folder: string, options: { readonly wasSlow: boolean }): Promise<ProbeResult> {
  const path = join(folder, `.probe-${randomBytes(6).toString('hex')}${temporarySuffix}`)
  const begun = performance.now()
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.write(randomBytes(probeBytes))
    await handle.sync()
    const latencyMs = performance.now() - begun
    if (!options.wasSlow) return { latencyMs, write: null }
    const rewritten = performance.now()
    await handle.write(randomBytes(slowProbeBytes))
    await handle.sync()
    return { latencyMs, write: { bytes: slowProbeBytes, ms: performance.now() - rewritten } }
  } finally {
    await handle.close()
    await rm(path, { force: true })
  }
}
