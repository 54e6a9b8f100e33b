import { CancelledError } from '../../roles/api/errors.ts'

/** Resolves after some milliseconds; rejects with CancelledError when the signal ends first. */
export function wait(ms: number, options: { signal?: AbortSignal | undefined } = {}): Promise<void> {
  const { signal } = options
  if (signal?.aborted === true) return Promise.reject(new CancelledError('The wait'))
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', cancel)
      resolve()
    }, ms)
    const cancel = () => {
      clearTimeout(timer)
      reject(new CancelledError('The wait'))
    }
    signal?.addEventListener('abort', cancel, { once: true })
  })
}
