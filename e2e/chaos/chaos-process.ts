import { fork, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { lineSchema, type Line, type Order, type ProcessConfig } from './messages.ts'

/** A machine may be busy, which the printed times tell; only a start that never comes to an end is an error. */
const startTimeoutMs = 120_000

/** A process that is killed and started again, and everything that it ever said. */
export class ChaosProcess {
  readonly name: string
  #config: ProcessConfig
  /** Milliseconds from the start of each life to its word that it serves. */
  readonly readyAfterMs: number[] = []
  /** Processor time of the same. */
  readonly readyCpuMs: number[] = []
  readonly #file: string
  readonly #onLine: (line: Line) => void
  #child: ChildProcess | null = null
  #ended: Promise<void> = Promise.resolve()
  readonly #waiting = new Set<(line: Line | null) => void>()
  #complaints = ''

  constructor(options: { name: string; file: string; config: ProcessConfig; onLine?: (line: Line) => void }) {
    this.name = options.name
    this.#config = options.config
    this.#file = options.file
    this.#onLine = options.onLine ?? (() => undefined)
  }

  get config(): ProcessConfig {
    return this.#config
  }

  /** What a person wants of the provider, now and in its later lives. */
  setLeaving(leaving: ProcessConfig['leaving']): void {
    this.#config = { ...this.#config, leaving }
    this.order({ kind: 'leave', leaving })
  }

  get lives(): boolean {
    return this.#child !== null
  }

  /** The end of the life that runs now. */
  get ended(): Promise<void> {
    return this.#ended
  }

  /** Starts it and resolves when it serves. Rejects with its last words when it ends before, or takes too long. */
  async start(): Promise<void> {
    const configFile = join(this.config.directory, 'chaos.json')
    writeFileSync(configFile, JSON.stringify(this.config), { mode: 0o600 })
    const startMs = performance.now()
    const env = { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: join(this.config.directory, '../compiled') }
    const execArgv = ['--disable-warning=ExperimentalWarning']
    const child = fork(this.#file, [configFile], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env, execArgv })
    this.#child = child
    this.#complaints = ''
    child.stderr!.on('data', (data: Buffer) => (this.#complaints = `${this.#complaints}${data}`.slice(-2_000)))
    const ready = this.next((line) => line.kind === 'ready', startTimeoutMs)
    const lines = createInterface({ input: child.stdout! }).on('line', (text) => this.#take(text))
    const closed = new Promise((done) => lines.once('close', done))
    this.#ended = new Promise((done) => child.once('close', done)).then(async () => {
      await closed
      this.#child = null
      for (const settle of [...this.#waiting]) settle(null)
    })
    const line = await ready
    if (line?.kind !== 'ready') throw new Error(`${this.name} ended before it served: ${this.#complaints}`)
    this.readyAfterMs.push(performance.now() - startMs)
    this.readyCpuMs.push(line.cpuMs)
  }

  order(order: Order): void {
    if (this.#child?.connected === true) this.#child.send(order, () => undefined)
  }

  /** The next line of a kind, or null when the process has ended or ends first. Rejects after `timeoutMs`. */
  next(wanted: (line: Line) => boolean, timeoutMs: number): Promise<Line | null> {
    return new Promise((resolve, reject) => {
      if (this.#child === null) return resolve(null)
      const settle = (line: Line | null): void => {
        if (line !== null && !wanted(line)) return
        clearTimeout(timer)
        this.#waiting.delete(settle)
        resolve(line)
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(settle)
        reject(new Error(`${this.name} said nothing for ${timeoutMs} ms. ${this.#complaints}`))
      }, timeoutMs)
      this.#waiting.add(settle)
    })
  }

  /** SIGKILL; resolves when it is gone and all that it said was read. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#ended
  }

  #take(text: string): void {
    let parsed
    try {
      parsed = lineSchema.parse(JSON.parse(text))
    } catch {
      // A line that death cut in two was not said.
      return
    }
    this.#onLine(parsed)
    for (const settle of [...this.#waiting]) settle(parsed)
  }
}
