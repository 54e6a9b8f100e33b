/**
 * Fills the gaps of Node 20.18 (Electron 33) that the libraries of the roles need. Imported first by every entry that
 * loads role code, since libp2p reads these while its modules are evaluated. Delete when Electron 33 is no longer run.
 */

type Resolvers<T> = {
  promise: Promise<T>
  resolve: (value: T | PromiseLike<T>) => void
  reject: (reason?: unknown) => void
}

/** ECMAScript 2024 `Promise.withResolvers`, for any constructor that behaves like Promise. */
export function promiseWithResolvers<T>(this: unknown): Resolvers<T> {
  const resolvers: Partial<Resolvers<T>> = {}
  const promise = new Promise<T>((resolve, reject) => {
    resolvers.resolve = resolve
    resolvers.reject = reject
  })
  return { promise, resolve: resolvers.resolve!, reject: resolvers.reject! }
}

if (!('withResolvers' in Promise)) {
  Object.defineProperty(Promise, 'withResolvers', { value: promiseWithResolvers, configurable: true, writable: true })
}
