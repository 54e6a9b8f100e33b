import type { MeterReading } from '../reading.ts'

/** Why a meter cannot be read now. Codes are stable; `message` is for people and says what to do. */
export type TroubleCode =
  | 'wrongTarget'
  | 'notThere'
  | 'denied'
  | 'busy'
  | 'unreachable'
  | 'closed'
  | 'silent'
  | 'wrongBaudRate'
  | 'unreadable'
  | 'noAnswer'
  | 'wrongUnit'
  | 'exception'
  | 'notSunSpec'
  | 'noMeterModel'
  | 'password'
  | 'failed'

export type Trouble = { readonly code: TroubleCode; readonly message: string }

/** A trouble as it is thrown: has the fields of Hearth's own errors, whose class this folder may not import. */
export class MeterError extends Error {
  override readonly name = 'MeterError'
  readonly code: TroubleCode
  readonly action: string | null = null

  constructor(code: TroubleCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** What was thrown, as a trouble. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof MeterError) return { code: error.code, message: error.message }
  return { code: 'failed', message: error instanceof Error ? error.message : String(error) }
}

/** Who listens to a meter. Neither function may throw. */
export type MeterListener = {
  readonly reading: (reading: MeterReading) => void
  /** Something is wrong. `ended`: the connection is gone, and is made anew after a pause. */
  readonly trouble: (trouble: Trouble, o: { readonly ended: boolean }) => void
}

/** A meter, whatever it speaks and however it is connected. It is read, never written to. */
export type MeterDriver = {
  /**
   * The next reading. Rejects with a MeterError when the connection ends first, after `timeoutMs` (20 s), or with the reason of
   * `signal`.
   */
  read(o?: { readonly signal?: AbortSignal; readonly timeoutMs?: number }): Promise<MeterReading>
  /** Tells every reading until the returned undo; a lost connection is made anew with growing pauses. */
  subscribe(listener: MeterListener): () => void
}

/**
 * One connection to a meter: tells what arrives until the connection ends, then resolves or rejects. Ends soon after `signal` and has
 * let go of port or socket by then.
 */
export type MeterConnection = (listener: Listening, signal: AbortSignal) => Promise<void>

/** What a connection may tell. */
export type Listening = {
  readonly reading: (reading: MeterReading) => void
  readonly trouble: (trouble: Trouble) => void
}
