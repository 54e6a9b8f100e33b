import type { Allowance } from '../../roles/api/allowance.ts'
import type { RoleEvent, WorkerStart } from '../../roles/api/messages.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import type { Log } from '../../roles/api/values.ts'
import type { Activity } from '../api/channels.ts'
import type { Platform } from '../api/platform.ts'
import { untouchedIntent } from '../api/settings.ts'
import type { RoleIntent, Settings } from '../api/settings.ts'
import { decideAllowance } from '../governor/index.ts'
import type { DiskReading } from '../governor/index.ts'
import { superviseRole } from '../supervisor/index.ts'
import type { RequestHandler, SupervisedRole } from '../supervisor/index.ts'
import { activityOfEvent } from './activity-of-event.ts'
import { prepareWorkFolder, readDisk } from './read-disk.ts'

/** A worker that is switched off gets so long to finish what it acknowledged. */
const drainMs = 10_000

/** What one role of a session is made of. */
export type RoleParts = {
  readonly role: RoleName
  readonly node: string
  readonly nodePublicKeyHex: string
  readonly operator: string
  /** The network file as the worker gets it. */
  readonly network: unknown
  readonly roleDirectory: string
  readonly listen: readonly string[]
  readonly platform: Platform
  readonly onRequest: RequestHandler
  readonly isBound: () => boolean
  readonly onActivity: (line: Omit<Activity, 'id'>) => void
  readonly onEvent: (role: RoleName, event: RoleEvent, atMs: number) => void
  readonly onChange: () => void
  readonly log: Log
}

/** One role of this machine on one network: intent in, worker and allowance out. */
export class RoleController {
  readonly role: RoleName
  readonly node: string
  readonly supervised: SupervisedRole
  allowance: Allowance
  readonly #parts: RoleParts
  #settings: Settings
  #intent: RoleIntent = untouchedIntent
  #workFolder: string | null = null
  #disk: DiskReading | null = null
  #shownProcess = 'stopped'

  constructor(parts: RoleParts, settings: Settings) {
    this.role = parts.role
    this.node = parts.node
    this.#parts = parts
    this.#settings = settings
    this.allowance = decideAllowance(settings, { nowMs: Date.now(), onBattery: null, disk: null }, parts.role)
    this.supervised = superviseRole({
      role: parts.role,
      fork: () => parts.platform.fork('worker', { serviceName: `hearth-${parts.role}` }),
      start: () => this.#start(),
      onRequest: parts.onRequest,
      onEvent: (event, atMs) => this.#heard(event, atMs),
      onChange: () => this.#changed(),
      log: parts.log,
    })
  }

  /** Whether a person wants it and has read what it does. */
  get wanted(): boolean {
    return this.#intent.on && this.#intent.consentedAtMs !== null
  }

  /** Takes new settings; starts, stops or restarts the worker as they say. */
  apply(settings: Settings): void {
    const before = this.#intent
    this.#settings = settings
    this.#intent = settings.roles[this.role] ?? untouchedIntent
    if (!this.wanted) return void this.supervised.switchOff({ deadlineMs: Date.now() + drainMs })
    if (before.diskPath !== this.#intent.diskPath) {
      this.#workFolder = null
      this.supervised.restart({ deadlineMs: Date.now() + drainMs })
    }
    this.startIfPossible()
  }

  /** A node works once the chain knows whom it works for and its disk is there; the governor asks every second. */
  startIfPossible(): void {
    if (this.wanted && this.#parts.isBound() && this.#workFolder !== null) this.supervised.switchOn()
  }

  /** Looks at the disk and lets the governor decide anew; tells the worker when something changed. */
  async govern(onBattery: boolean | null): Promise<void> {
    if (this.wanted) this.#disk = await this.#lookAtDisk()
    this.startIfPossible()
    const readings = { nowMs: Date.now(), onBattery, disk: this.#disk }
    const next = decideAllowance(this.#settings, readings, this.role)
    if (JSON.stringify(next) === JSON.stringify(this.allowance)) return
    this.allowance = next
    this.supervised.setAllowance(next)
    this.#parts.onChange()
  }

  async #lookAtDisk(): Promise<DiskReading> {
    try {
      const { roleDirectory, node } = this.#parts
      this.#workFolder ??= await prepareWorkFolder(roleDirectory, this.#intent.diskPath, node)
      return await readDisk(this.#workFolder, this.#usedBytes())
    } catch (error) {
      if (this.#disk?.kind !== 'unavailable') this.#parts.log.warn('The disk of a role cannot be used.', { error })
      return { kind: 'unavailable' }
    }
  }

  #usedBytes(): number {
    const storage = this.supervised.status()?.storage
    return storage === null || storage === undefined ? 0 : storage.usedBytes + storage.pendingBytes
  }

  async #start(): Promise<WorkerStart> {
    const { roleDirectory, node } = this.#parts
    this.#workFolder = await prepareWorkFolder(roleDirectory, this.#intent.diskPath, node)
    this.#disk = await readDisk(this.#workFolder, this.#usedBytes())
    await this.govern(this.#parts.platform.sensors().onBattery)
    return {
      role: this.role,
      node,
      operator: this.#parts.operator,
      nodePublicKey: this.#parts.nodePublicKeyHex,
      network: this.#parts.network,
      dataDirectory: roleDirectory,
      workDirectory: this.#workFolder,
      listen: this.#parts.listen,
      allowance: this.allowance,
    }
  }

  #heard(event: RoleEvent, atMs: number): void {
    const line = activityOfEvent(this.role, event, atMs)
    if (line !== null) this.#parts.onActivity(line)
    this.#parts.onEvent(this.role, event, atMs)
  }

  #changed(): void {
    const process = this.supervised.process()
    if (process.kind !== this.#shownProcess) {
      this.#shownProcess = process.kind
      if (process.kind === 'running') this.#tell('info', 'roleStarted', {})
      if (process.kind === 'stopped') this.#tell('info', 'roleStopped', {})
      if (process.kind === 'waiting') this.#tell('warning', 'roleCrashed', { message: process.crash })
      if (process.kind === 'parked') this.#tell('error', 'roleParked', { message: process.crash })
    }
    this.#parts.onChange()
  }

  #tell(level: Activity['level'], code: string, values: Activity['values']): void {
    this.#parts.onActivity({ atMs: Date.now(), role: this.role, level, code, values, transactionHash: null })
  }
}
