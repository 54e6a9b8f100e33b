import type { WorkerPort } from '../api/worker.ts'

/** Electron's `process.parentPort`, as far as it is used here; absent in plain Node. */
type ParentPort = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
  off(event: 'message', listener: (event: { data: unknown }) => void): void
  off(event: 'close', listener: () => void): void
}

/**
 * The port to whoever forked this process: `parentPort` in a utilityProcess, the IPC channel in a forked Node.
 *
 * Throws when there is neither, since a role without an owner would have nobody to end it.
 */
export function openProcessPort(): WorkerPort {
  const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort
  if (parentPort !== undefined && parentPort !== null) return parentPortAdapter(parentPort)
  if (process.send !== undefined) return ipcAdapter()
  throw new Error('A role worker must be forked by its owner; this process has no port to one.')
}

function parentPortAdapter(parentPort: ParentPort): WorkerPort {
  return {
    post: (message) => parentPort.postMessage(message),
    onMessage(listener) {
      const handle = (event: { data: unknown }) => listener(event.data)
      parentPort.on('message', handle)
      return () => parentPort.off('message', handle)
    },
    onClose(listener) {
      parentPort.on('close', listener)
      return () => parentPort.off('close', listener)
    },
  }
}

function ipcAdapter(): WorkerPort {
  return {
    post(message) {
      // A channel that closed meanwhile is told by `disconnect`; there is nobody left to tell it to.
      if (process.connected) process.send!(message, undefined, undefined, () => {})
    },
    onMessage(listener) {
      process.on('message', listener)
      return () => process.off('message', listener)
    },
    onClose(listener) {
      process.once('disconnect', listener)
      return () => process.off('disconnect', listener)
    },
  }
}
