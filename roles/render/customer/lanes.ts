/** Work that goes on beside other work, at most once at a time by name. */
export type Lanes = {
  /** Starts it unless it is still running from before. */
  start(name: string, work: () => Promise<void>): void
  idle(): Promise<void>
}

/** Failures are told and end nothing: the next start tries again. */
export function createLanes(onError: (name: string, error: unknown) => void): Lanes {
  const running = new Map<string, Promise<void>>()
  return {
    start(name, work) {
      if (running.has(name)) return
      const done = work()
        .catch((error: unknown) => onError(name, error))
        .finally(() => running.delete(name))
      running.set(name, done)
    },
    idle: async () => void (await Promise.all(running.values())),
  }
}
