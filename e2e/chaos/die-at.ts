import { watchFileCalls } from '../../roles/persistence/testing/file-calls.ts'

/**
 * Lets this process be ended exactly at a write boundary: before or after a call that changes a file or makes one durable.
 * The commits of SQLite lie between two of these. Returns what sets the number of boundaries left to live.
 */
export async function installDeath(): Promise<(boundaries: number) => void> {
  let left = Infinity
  const boundary = (): void => {
    if (--left <= 0) process.kill(process.pid, 'SIGKILL')
  }
  await watchFileCalls({ before: boundary, done: boundary })
  return (boundaries) => {
    left = boundaries
  }
}
