import module from 'node:module'

/** Writes the cache of compiled code now: Node does so at an orderly end, which a process that is killed never has. */
export function keepCompiledCode(): void {
  // Since Node 22.10; the types are those of the oldest Node that the app runs on.
  ;(module as { flushCompileCache?: () => void }).flushCompileCache?.()
}
