import { LockedError, acquireLock } from '../../roles/persistence/index.ts'
import type { Lock } from '../../roles/persistence/index.ts'
import { wait } from './wait.ts'

const retryMs = 20

/** Takes a lock file, waiting so long for a process that holds it for a moment. Rejects with LockedError. */
export async function lockWithin(path: string, timeoutMs: number): Promise<Lock> {
  const endMs = performance.now() + timeoutMs
  for (;;) {
    try {
      return acquireLock(path)
    } catch (error) {
      if (!(error instanceof LockedError) || performance.now() > endMs) throw error
      await wait(retryMs)
    }
  }
}
