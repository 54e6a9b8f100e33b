import { setMaxListeners } from 'node:events'
import { networkFileSchema } from '../../contracts/client/index.ts'
import type { NetworkFile } from '../../contracts/client/index.ts'
import { CancelledError, HearthError, serializeError } from '../../roles/api/errors.ts'
import type { Log } from '../../roles/api/values.ts'
import type { NetworkView } from '../api/snapshot.ts'
import type { Home } from '../store/index.ts'
import { bounded } from './bounded.ts'
import { explainStrangeContracts } from './compare-contracts.ts'
import { watchChain } from './chain-watch.ts'
import type { ChainEvent } from './chain-watch.ts'
import type { PracticeStarter, StartedPractice } from './engine-options.ts'
import { every } from './every.ts'
import type { Repeating } from './every.ts'
import { openConnection } from './connection.ts'
import type { Connection } from './connection.ts'
import { openSession } from './session.ts'
import type { Session } from './session.ts'

/** A practice network that ended is started again so often by itself; afterwards the person's button does. */
const automaticRestarts = 3
/** The workers of a network that went away get so long. */
const closeMs = 5_000
/** Deploying on a slow machine takes a minute; longer means that it hangs. */
const practiceStartMs = 120_000
/** How often the file of a network that does not answer is looked at. */
const followMs = 3_000

export type NetworkKeeperParts = {
  readonly home: Home
  readonly practice: PracticeStarter | null
  /** The network is reached; whom this computer works for is asked of what it resolves to. */
  readonly onConnect: (connection: Connection) => Promise<Identity>
  /** The session begins; what it returns is called before the session is closed. */
  readonly onOpen: (session: Session) => (options: { deadlineMs: number }) => Promise<void>
  readonly onChain: (event: ChainEvent) => void
  readonly onChange: () => void
  readonly onTold: (level: 'good' | 'error', code: string, values: Record<string, string>) => void
  readonly log: Log
}

/** Knows whom this computer works for on a network. */
export type Identity = { operator(): string | null; stop(): Promise<void> }

type Operated = { readonly session: Session; readonly end: (options: { deadlineMs: number }) => Promise<void> }

type Open = {
  readonly connection: Connection
  readonly identity: Identity
  readonly practice: StartedPractice | null
  readonly watch: ReturnType<typeof watchChain>
  /** What is strange about the network's contracts; null while that is not known, and when nothing is. */
  strange: string | null
  /** Null until an operator is known. */
  operated: Operated | null
}

/** Keeps the home on its network: starts or finds practice, opens the session, watches the chain, and begins anew. */
export class NetworkKeeper {
  readonly #parts: NetworkKeeperParts
  readonly #life = new AbortController()
  readonly #following: Repeating
  #view: NetworkView = { kind: 'none' }
  #open: Open | null = null
  #work: Promise<void> = Promise.resolve()
  #restartsLeft = automaticRestarts

  constructor(parts: NetworkKeeperParts) {
    this.#parts = parts
    this.#following = every(followMs, () => this.#followFile(), 'Following the network file', parts.log)
  }

  get session(): Session | null {
    return this.#open?.operated?.session ?? null
  }

  get connection(): Connection | null {
    return this.#open?.connection ?? null
  }

  /** What a person is shown; block number and reachability are those of this moment. */
  view(): NetworkView {
    if (this.#open === null) return this.#view
    const { connection, practice, watch } = this.#open
    const { name, symbol, chainId, practice: isPractice } = connection.network
    const chain = watch.state()
    if (chain.kind === 'unreachable')
      return { kind: 'unreachable', name, sinceMs: chain.sinceMs, message: chain.message }
    return {
      kind: 'ready',
      practice: isPractice,
      name,
      symbol,
      chainId,
      blockNumber: chain.kind === 'reachable' ? chain.blockNumber : null,
      neighbours: practice?.neighbours ?? null,
      notice: practice?.notice ?? this.#open.strange,
    }
  }

  /** Brings the network up unless it is up. Never rejects: a failure is shown by `view`. */
  start(): Promise<void> {
    return this.#inTurn(() => (this.#open === null ? this.#bringUp() : Promise.resolve()))
  }

  /** Opens the session of whom this computer works for now; that of another operator is closed first. */
  reopen(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#open === null) return
      await this.#endSession(this.#open, Date.now() + closeMs)
      await this.#beginSession(this.#open)
      this.#parts.onChange()
    })
  }

  /** Ends session and practice network for good. */
  async stop({ deadlineMs }: { deadlineMs: number }): Promise<void> {
    this.#life.abort()
    this.#following.stop()
    await this.#inTurn(() => this.#takeDown(deadlineMs))
  }

  /** One change after the other: a network that ends while it starts is taken down after it has started. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(change).catch((error: unknown) => this.#failed(error))
    return this.#work
  }

  async #bringUp(): Promise<void> {
    this.#show({ kind: 'starting', step: 'network', done: 0, total: 1 })
    const practice = await this.#findPractice()
    try {
      const network = await this.#readNetwork()
      if (network === null) return this.#show({ kind: 'none' })
      const open = await this.#connect(network, practice)
      if (!network.practice) void this.#lookAtContracts(open)
      this.#parts.onTold('good', network.practice ? 'networkStarted' : 'networkReady', { name: network.name })
      this.#parts.onChange()
      void practice?.exited.then((reason) => this.#practiceEnded(practice, reason))
    } catch (error) {
      await practice?.stop({ deadlineMs: Date.now() + closeMs })
      throw error
    }
  }

  async #connect(network: NetworkFile, practice: StartedPractice | null): Promise<Open> {
    const connection = await openConnection(this.#parts.home, network)
    let identity: Identity | null = null
    try {
      identity = await this.#parts.onConnect(connection)
      const watch = watchChain(connection.chain, (event) => this.#chainSaid(event), this.#parts.log)
      const open: Open = { connection, identity, practice, watch, strange: null, operated: null }
      await this.#beginSession(open).catch((error: unknown) => {
        watch.stop()
        throw error
      })
      this.#open = open
      return open
    } catch (error) {
      await identity?.stop()
      connection.close()
      throw error
    }
  }

  async #beginSession(open: Open): Promise<void> {
    const operator = open.identity.operator()
    if (operator === null) return
    const session = await openSession(this.#parts.home, open.connection, operator)
    open.operated = { session, end: this.#parts.onOpen(session) }
  }

  async #endSession(open: Open, deadlineMs: number): Promise<void> {
    const { operated } = open
    open.operated = null
    if (operated === null) return
    await operated
      .end({ deadlineMs })
      .catch((error: unknown) => this.#parts.log.warn('A session ended badly.', { error }))
    operated.session.close()
  }

  /** A file from elsewhere may name contracts that only look like ours (PROTOCOL 9.1). */
  async #lookAtContracts(open: Open): Promise<void> {
    try {
      open.strange = await explainStrangeContracts(open.connection.chain, { signal: this.#life.signal })
      this.#parts.onChange()
    } catch (error) {
      this.#parts.log.warn('The contracts of the network could not be compared.', { error })
    }
  }

  async #findPractice(): Promise<StartedPractice | null> {
    const file = await this.#parts.home.network.read()
    if (this.#parts.practice === null || file?.practice === false) return null
    const attempt = new AbortController()
    // Eighteen starting processes listen to it at once.
    setMaxListeners(0, attempt.signal)
    const cancel = () => attempt.abort()
    this.#life.signal.addEventListener('abort', cancel, { once: true })
    const starting = this.#parts.practice({
      onProgress: ({ step, done, total }) => this.#show({ kind: 'starting', step, done, total }),
      signal: attempt.signal,
    })
    try {
      const started = await bounded(starting, 'The start of the practice network', practiceStartMs)
      if (!this.#life.signal.aborted) return started
      throw new CancelledError('The start of the practice network')
    } catch (error) {
      cancel()
      // One that comes up although nobody waits for it any more is ended.
      void starting.then((late) => late.stop({ deadlineMs: Date.now() + closeMs })).catch(() => {})
      throw error
    } finally {
      this.#life.signal.removeEventListener('abort', cancel)
    }
  }

  async #readNetwork(): Promise<NetworkFile | null> {
    const file = await this.#parts.home.network.read()
    if (file === null) return null
    const parsed = networkFileSchema.safeParse(file)
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    throw new HearthError(
      'NETWORK_FILE_INVALID',
      `The network file ${this.#parts.home.network.path} is wrong at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}.`,
      { action: 'Put the right file in its place, or move it away and start the practice network.' },
    )
  }

  async #takeDown(deadlineMs: number): Promise<void> {
    const open = this.#open
    if (open === null) return
    this.#open = null
    this.#view = { kind: 'none' }
    open.watch.stop()
    await this.#endSession(open, deadlineMs)
    await open.identity.stop()
    open.connection.close()
    const practiceDeadlineMs = Math.max(deadlineMs, Date.now() + 1_000)
    await open.practice?.stop({ deadlineMs: practiceDeadlineMs })
  }

  #practiceEnded(practice: StartedPractice, reason: string): void {
    if (this.#life.signal.aborted || this.#open?.practice !== practice) return
    this.#parts.log.warn('The practice network ended.', { reason })
    void this.#inTurn(async () => {
      await this.#takeDown(Date.now() + closeMs)
      if (this.#restartsLeft-- > 0) return this.#bringUp()
      throw new HearthError('PRACTICE_ENDED', `The practice network ended: ${reason}`, { action: 'Start it again.' })
    })
  }

  #chainSaid(event: ChainEvent): void {
    this.#parts.onChain(event)
    this.#parts.onChange()
  }

  /** A practice network that someone else restarted has another port and token: its new file is taken up. */
  async #followFile(): Promise<void> {
    if (this.#open?.watch.state().kind !== 'unreachable') return
    const file = await this.#readNetwork().catch(() => null)
    const known = this.connection?.network
    if (file === null || known === undefined || JSON.stringify(file) === JSON.stringify(known)) return
    void this.#inTurn(async () => {
      await this.#takeDown(Date.now() + closeMs)
      await this.#bringUp()
    })
  }

  #failed(error: unknown): void {
    if (this.#life.signal.aborted) return
    const { message, action } = serializeError(error)
    this.#parts.log.error('The network could not be brought up.', { error })
    this.#parts.onTold('error', 'networkFailed', { message })
    this.#show({ kind: 'failed', message, action })
  }

  #show(view: NetworkView): void {
    this.#view = view
    this.#parts.onChange()
  }
}
