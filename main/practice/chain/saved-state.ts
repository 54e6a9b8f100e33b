import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { writeFileAtomic } from '../../../roles/persistence/index.ts'
import type { ChainRpc } from './rpc.ts'

const unzip = promisify(gunzip)

/** Saved at least this long after the last save (DESIGN: every 5 s). */
const saveEveryMs = 5_000
/**
 * A save may take at most this share of the time: a dump grows with the number of blocks (30 ms at 3,000, 130 ms at
 * 13,000) and stops the chain meanwhile, so a chain that ran for days is saved a little less often.
 */
const largestShare = 0.02

/** Where the chain's state lies between two starts. */
export function stateFileOf(practiceDirectory: string): string {
  return join(practiceDirectory, 'chain-state.json')
}

/**
 * Writes the whole chain (blocks, receipts, accounts) in one step, so that a kill leaves the last complete state.
 * Anvil's own `--state-interval` writes in place; a kill in the middle of it would leave half a file.
 */
export async function saveState(rpc: ChainRpc, practiceDirectory: string): Promise<void> {
  const dump = String(await rpc.call('anvil_dumpState', [false]))
  const json = await unzip(Buffer.from(dump.slice(2), 'hex'))
  await writeFileAtomic(stateFileOf(practiceDirectory), json, { mode: 0o600 })
}

/** Whether a state that looks whole is there. A damaged one is moved out of the way by `discardState`. */
export async function hasState(practiceDirectory: string): Promise<boolean> {
  const bytes = await readFile(stateFileOf(practiceDirectory)).catch(() => null)
  return bytes !== null && bytes.length > 2 && bytes[0] === 0x7b && bytes.lastIndexOf(0x7d) >= bytes.length - 2
}

export async function discardState(practiceDirectory: string): Promise<void> {
  await rm(stateFileOf(practiceDirectory), { force: true })
}

/** Saves on a rhythm until stopped; one save at a time. */
export function startSaving(o: { save: () => Promise<void>; onError: (error: unknown) => void }): {
  stop(): Promise<void>
} {
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout
  const schedule = (afterMs: number) => {
    timer = setTimeout(() => {
      const begunAtMs = performance.now()
      running = o
        .save()
        .catch(o.onError)
        .then(() => {
          if (!stopped) schedule(Math.max(saveEveryMs, (performance.now() - begunAtMs) / largestShare))
        })
    }, afterMs)
  }
  let stopped = false
  schedule(saveEveryMs)
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
