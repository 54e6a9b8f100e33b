import type { OpenRenderSurface, SurfaceTicket } from '../../roles/api/render-surface.ts'
import type { WorkerPort } from '../../roles/api/worker.ts'
import type { Undo } from '../../roles/api/values.ts'

/** A child process with an owner: whoever forks it must end it. */
export type ChildProcess = {
  readonly pid: number | undefined
  readonly port: WorkerPort
  /** Lines that the child wrote to standard output or error, without the line end. */
  onLogLine(listener: (line: string) => void): Undo
  /** Called once; `code` is null when a signal ended it. */
  onExit(listener: (exit: { code: number | null; signal: string | null }) => void): Undo
  kill(signal?: 'SIGTERM' | 'SIGKILL'): void
}

/** Names of the bundled entry files beside the main bundle; roles are launched by built path, never imported. */
export type EntryName = 'worker' | 'practice-chain' | 'neighbour' | 'practice-customer'

/** What a person is asked before a file is saved. */
export type SaveQuestion = {
  readonly suggestedName: string
  /** Such as `{ name: 'CSV', extension: 'csv' }`. */
  readonly kind: { readonly name: string; readonly extension: string }
}

/** What a person is asked outside the app's window, so that the window cannot choose the words. */
export type SystemQuestion = {
  readonly title: string
  readonly text: string
  readonly yes: string
  readonly no: string
}

/**
 * Hidden, sandboxed windows without network or files in which the render engine runs, one for each job. Whoever closes a
 * surface, or ends, has its window destroyed.
 */
export type Surfaces = {
  /** Opens one for a child of this platform, which takes hold of it by the ticket. */
  openFor(child: ChildProcess, options: { signal: AbortSignal }): Promise<SurfaceTicket>
  /** Opens one for this very process. */
  readonly open: OpenRenderSurface
  /** Destroys all windows and whatever process has them. Idempotent. */
  stop(): void
}

/** What differs between the desktop app and a plain Node process. Everyone imports this port only. */
export type Platform = {
  readonly kind: 'electron' | 'node'
  /** Starts a bundled entry as a process with a message port, a listed environment and piped output. */
  fork(
    entry: EntryName,
    options: { serviceName: string; args?: readonly string[]; env?: Readonly<Record<string, string>> },
  ): ChildProcess
  readonly surfaces: Surfaces
  /** The OS store for secrets, or why there is none that protects. */
  readonly secrets: {
    available(): boolean
    encrypt(plain: Uint8Array): Uint8Array
    decrypt(sealed: Uint8Array): Uint8Array
  } | null
  /** The sensors that the governor reads; `null` = unknown on this platform. */
  sensors(): { onBattery: boolean | null; idleSeconds: number | null }
  /** Asks where to save a file, null for nowhere; null where nobody can be asked. */
  readonly chooseSavePath: ((question: SaveQuestion) => Promise<string | null>) | null
  /** True only when the person said yes before the signal fires; null where no window stands between Hearth and the person. */
  readonly askPerson: ((question: SystemQuestion, options: { signal: AbortSignal }) => Promise<boolean>) | null
}
