import { TimeoutError } from '../../roles/api/errors.ts'

/** Waits for work at most some milliseconds; rejects with TimeoutError. The work itself goes on or ends by its own signal. */
export async function bounded<T>(work: Promise<T>, what: string, timeoutMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError(what, timeoutMs)), Math.max(0, timeoutMs))
  })
  return Promise.race([work, limit]).finally(() => clearTimeout(timer))
}
