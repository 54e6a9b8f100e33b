import { CancelledError } from '../../../api/errors.ts'

type Waiter = { resolve(address: number): void; signal: AbortSignal | undefined; onAbort(): void }

/** A fixed number of memory areas; whoever finds none waits in line. */
export class AddressPool {
  readonly #free: number[]
  readonly #waiting: Waiter[] = []

  constructor(addresses: readonly number[]) {
    this.#free = [...addresses]
  }

  /** The next free area. Rejects with CancelledError when the signal aborts first. */
  acquire(options: { signal?: AbortSignal } = {}): Promise<number> {
    if (options.signal?.aborted) return Promise.reject(new CancelledError('Waiting for memory'))
    const address = this.#free.pop()
    if (address !== undefined) return Promise.resolve(address)
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        resolve,
        signal: options.signal,
        onAbort: () => {
          this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
          reject(new CancelledError('Waiting for memory'))
        },
      }
      options.signal?.addEventListener('abort', waiter.onAbort, { once: true })
      this.#waiting.push(waiter)
    })
  }

  /** Hands an area to the next in line. The caller must not touch it afterwards. */
  release(address: number): void {
    const waiter = this.#waiting.shift()
    if (!waiter) return void this.#free.push(address)
    waiter.signal?.removeEventListener('abort', waiter.onAbort)
    waiter.resolve(address)
  }
}
