import { CancelledError } from '../../api/errors.ts'
import type { RenderSurface } from '../../api/render-surface.ts'
import type { Log, Undo } from '../../api/values.ts'
import { fromEngineSchema, type FromEngine, type ToEngine } from '../protocol/engine-messages.ts'
import { EngineFailedError, EngineHungError, SceneRefusedError } from './errors.ts'

/** Longest silence before a window counts as hung: each step of the engine is far shorter. */
export type Patience = { readonly bootMs: number; readonly loadMs: number; readonly renderMs: number }

/** A software renderer on a loaded machine needs many seconds for one sample; a graphics card a fraction of one. */
export const usualPatience: Patience = { bootMs: 60_000, loadMs: 180_000, renderMs: 120_000 }

/** One question to the engine. `settle` gives the result for the answer it waits for and undefined for anything else. */
export type EngineRequest<T> = {
  /** In an error's words. */
  readonly what: string
  readonly silentMs: number
  message(id: number): ToEngine
  settle(answer: FromEngine): T | undefined
  readonly signal?: AbortSignal | undefined
}

type Pending = Pick<EngineRequest<unknown>, 'what' | 'silentMs'> & {
  onMessage(message: FromEngine): void
  reject(error: Error): void
}

/**
 * Requests to the engine in a surface: each gets its answer or an error, and a window that is silent for too long is
 * closed (the watchdog that a scene which hangs the graphics processor meets). Owns the surface.
 */
export class EngineChannel {
  readonly #surface: RenderSurface
  readonly #log: Log
  readonly #bootMs: number
  readonly #pending = new Map<number, Pending>()
  readonly #undos: Undo[]
  readonly #unsent: ToEngine[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #lastId = 0
  #booted = false
  #paused = false
  #gone: Error | null = null

  constructor(surface: RenderSurface, o: { log: Log; bootMs: number }) {
    this.#surface = surface
    this.#log = o.log
    this.#bootMs = o.bootMs
    this.#undos = [
      surface.onClose((reason) =>
        this.end(new EngineFailedError('SURFACE_GONE', `The rendering window is gone: ${reason}`)),
      ),
      surface.onMessage((raw) => this.#receive(raw)),
    ]
  }

  /** Sends a request. Rejects with SceneRefusedError, EngineFailedError, EngineHungError or CancelledError. */
  ask<T>(request: EngineRequest<T>): Promise<T> {
    const { what, silentMs, signal } = request
    if (this.#gone !== null) return Promise.reject(this.#gone)
    if (signal?.aborted === true) return Promise.reject(new CancelledError(what))
    const id = ++this.#lastId
    return new Promise<T>((resolve, reject) => {
      const done = (): void => {
        this.#pending.delete(id)
        signal?.removeEventListener('abort', cancel)
        this.#feed()
      }
      const fail = (error: Error): void => {
        done()
        reject(error)
      }
      const cancel = (): void => {
        this.post({ kind: 'cancel', id })
        fail(new CancelledError(what))
      }
      const onMessage = (answer: FromEngine): void => {
        if (answer.kind === 'refused') return fail(new SceneRefusedError(answer.code, answer.message))
        if (answer.kind === 'failed') return fail(new EngineFailedError(answer.code, answer.message))
        const result = request.settle(answer)
        if (result === undefined) return
        done()
        resolve(result)
      }
      this.#pending.set(id, { what, silentMs, onMessage, reject: fail })
      signal?.addEventListener('abort', cancel, { once: true })
      this.post(request.message(id))
      this.#feed()
    })
  }

  /** Sends what has no answer; dropped once the window is gone. */
  post(message: ToEngine): void {
    if (this.#gone !== null) return
    if (this.#booted) this.#surface.post(message)
    else this.#unsent.push(message)
  }

  /** While paused the engine may be silent as long as it likes. */
  setPaused(paused: boolean): void {
    this.#paused = paused
    this.#feed()
  }

  /** Closes the window; everything open and later rejects with this error. Idempotent. */
  end(error: Error): void {
    if (this.#gone !== null) return
    this.#gone = error
    clearTimeout(this.#timer)
    for (const undo of this.#undos) undo()
    this.#surface.close()
    for (const pending of this.#pending.values()) pending.reject(error)
  }

  #receive(raw: unknown): void {
    const parsed = fromEngineSchema.safeParse(raw)
    if (!parsed.success) return this.#log.warn('The engine said something that is not understood.')
    const message = parsed.data
    if (message.kind === 'booted') {
      this.#booted = true
      for (const unsent of this.#unsent.splice(0)) this.#surface.post(unsent)
      return this.#feed()
    }
    this.#feed()
    this.#pending.get(message.id)?.onMessage(message)
  }

  /** Any sign of life starts the wait anew. */
  #feed(): void {
    clearTimeout(this.#timer)
    const [oldest] = this.#pending.values()
    if (oldest === undefined || this.#gone !== null || (this.#paused && this.#booted)) return
    const silentMs = this.#booted ? oldest.silentMs : this.#bootMs
    this.#timer = setTimeout(() => this.end(new EngineHungError(oldest.what, silentMs)), silentMs)
  }
}
