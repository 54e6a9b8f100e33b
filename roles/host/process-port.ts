import { z } from 'zod'
import type { WorkerPort } from '../api/worker.ts'
import type { SurfacePorts, TransferredPort } from './surfaces/port-surface.ts'

type ParentMessage = { data: unknown; ports?: readonly TransferredPort[] }

/** Electron's `process.parentPort`, as far as it is used here; absent in plain Node. */
type ParentPort = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: ParentMessage) => void): void
  on(event: 'close', listener: () => void): void
  off(event: 'message', listener: (event: ParentMessage) => void): void
  off(event: 'close', listener: () => void): void
}

/** What an Electron owner sends together with the two ports of a surface, before it answers with their id. */
const surfacePortsSchema = z.object({ kind: z.literal('surfacePorts'), id: z.string() })

/** The port to the owner, and the ports of surfaces that came over it; null when none came with that id. */
export type ProcessPort = WorkerPort & { claimPorts(id: string): SurfacePorts | null }

/**
 * The port to whoever forked this process: `parentPort` in a utilityProcess, the IPC channel in a forked Node.
 *
 * Throws when there is neither, since a role without an owner would have nobody to end it.
 */
export function openProcessPort(): ProcessPort {
  const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort
  if (parentPort !== undefined && parentPort !== null) return parentPortAdapter(parentPort)
  if (process.send !== undefined) return ipcAdapter()
  throw new Error('A role worker must be forked by its owner; this process has no port to one.')
}

function parentPortAdapter(parentPort: ParentPort): ProcessPort {
  const unclaimed = new Map<string, SurfacePorts>()
  parentPort.on('message', ({ data: message, ports = [] }) => {
    const [data, control] = ports
    const told = surfacePortsSchema.safeParse(message)
    if (told.success && data !== undefined && control !== undefined) unclaimed.set(told.data.id, { data, control })
  })
  return {
    claimPorts(id) {
      const ports = unclaimed.get(id) ?? null
      unclaimed.delete(id)
      return ports
    },
    post: (message) => parentPort.postMessage(message),
    onMessage(listener) {
      const handle = ({ data: message, ports = [] }: ParentMessage) => {
        if (ports.length === 0) listener(message)
      }
      parentPort.on('message', handle)
      return () => parentPort.off('message', handle)
    },
    onClose(listener) {
      parentPort.on('close', listener)
      return () => parentPort.off('close', listener)
    },
  }
}

function ipcAdapter(): ProcessPort {
  return {
    // Ports cannot cross here; a surface is reached over its socket.
    claimPorts: () => null,
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
