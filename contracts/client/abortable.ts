import { ChainCancelledError } from './errors.ts'

/** Ends a wait when the signal fires; what was waited for goes on unheard, since ethers cannot stop a request. */
export async function abortable<T>(promise: Promise<T>, what: string, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return promise
  if (signal.aborted) {
    promise.catch(() => {})
    throw new ChainCancelledError(what)
  }
  let onAbort = (): void => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new ChainCancelledError(what))
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Waits, at most until the signal fires; then throws ChainCancelledError. */
export async function sleep(ms: number, what: string, signal?: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const waiting = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  try {
    await abortable(waiting, what, signal)
  } finally {
    clearTimeout(timer)
  }
}
