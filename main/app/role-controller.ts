import type { Allowance } from '../../roles/api/allowance.ts'
import type { RoleEvent, WorkerStart } from '../../roles/api/messages.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import type { Log } from '../../roles/api/values.ts'
import type { Activity } from '../api/channels.ts'
import type { Platform } from '../api/platform.ts'
import { untouchedIntent } from '../api/settings.ts'
import type { RoleIntent, Settings } from '../api/settings.ts'
import { decideAllowance } from '../governor/index.ts'
import type { PlacedDisk } from '../governor/index.ts'
import type { GraphicsWatch } from './graphics-watch.ts'
import { superviseRole } from '../supervisor/index.ts'
import type { RequestHandler, SupervisedRole } from '../supervisor/index.ts'
import { activityOfEvent } from './activity-of-event.ts'
import { forgetWorkFolder, prepareWorkFolder, readDisk, workFolderOf } from './read-disk.ts'

/** A worker that is switched off gets so long to finish what it acknowledged. */
const drainMs = 10_000

type Sensors = ReturnType<Platform['sensors']>

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
  readonly graphics: GraphicsWatch
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
  #disks: readonly PlacedDisk[] | null = null
  #shownProcess = 'stopped'

  constructor(parts: RoleParts, settings: Settings) {
    this.role = parts.role
    this.node = parts.node
    this.#parts = parts
    this.#settings = settings
    this.allowance = decideAllowance(settings, { nowMs: Date.now(), onBattery: null, disks: null }, parts.role)
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
    // A worker follows its disks while it runs; only what it was told is looked at anew.
    if (JSON.stringify(before.disks) !== JSON.stringify(this.#intent.disks)) this.#forgetDisks(before)
    // A meter is opened at the start; another one needs another start.
    if (JSON.stringify(before.meter) !== JSON.stringify(this.#intent.meter)) this.#beginAnew()
    this.startIfPossible()
  }

  /** A node works once the chain knows whom it works for and, for storage, one of its disks is there; the governor asks every second. */
  startIfPossible(): void {
    const hasPlace = this.role !== 'storage' || this.#disks?.some((disk) => disk.kind !== 'unavailable') === true
    if (this.wanted && this.#parts.isBound() && hasPlace) this.supervised.switchOn()
  }

  /** Looks at the disk and lets the governor decide anew; tells the worker when something changed. */
  async govern({ onBattery, idleSeconds }: Sensors): Promise<void> {
    if (this.wanted && this.role === 'storage') await this.#lookAtDisks()
    this.startIfPossible()
    const nowMs = Date.now()
    const looksAtGraphics = this.wanted && this.role === 'render'
    const ownShare = this.supervised.status()?.render?.state === 'rendering' ? (this.allowance.gpuShare ?? 1) : 0
    const graphics = looksAtGraphics ? this.#parts.graphics.read({ nowMs, ownShare, idleSeconds }) : null
    const next = decideAllowance(this.#settings, { nowMs, onBattery, disks: this.#disks, graphics }, this.role)
    if (JSON.stringify(next) === JSON.stringify(this.allowance)) return
    this.allowance = next
    this.supervised.setAllowance(next)
    this.#parts.onChange()
  }

  async #lookAtDisks(): Promise<void> {
    const intent = this.#intent
    const disks = await Promise.all(intent.disks.map((disk) => this.#lookAtDisk(disk.path)))
    // The person may have changed them meanwhile; the next look is of the new ones.
    if (intent === this.#intent) this.#disks = disks
  }

  async #lookAtDisk(path: string | null): Promise<PlacedDisk> {
    const { roleDirectory, node, log } = this.#parts
    const folder = workFolderOf(roleDirectory, path, node)
    const usedBytes = this.supervised.status()?.disks?.find((disk) => disk.folder === folder)?.usedBytes ?? 0
    const before = this.#disks?.find((disk) => disk.folder === folder)
    try {
      if (before === undefined || before.kind === 'unavailable') await prepareWorkFolder(roleDirectory, path, node)
      return { ...(await readDisk(folder, usedBytes)), folder }
    } catch (error) {
      if (before?.kind !== 'unavailable') log.warn('A disk of a role cannot be used.', { folder, error })
      return { kind: 'unavailable', folder }
    }
  }

  /** With other parameters; also where the old ones had parked the worker. */
  #beginAnew(): void {
    if (this.supervised.process().kind === 'parked') this.supervised.retry()
    else this.supervised.restart({ deadlineMs: Date.now() + drainMs })
  }

  /** What was known of the disks is of the intent before; folders of disks that left may be made again one day. */
  #forgetDisks(before: RoleIntent): void {
    const { roleDirectory, node, log } = this.#parts
    this.#disks = null
    for (const { path } of before.disks) {
      if (this.#intent.disks.some((disk) => disk.path === path)) continue
      forgetWorkFolder(roleDirectory, path, node).catch((error: unknown) => log.warn('A note stays.', { error }))
    }
  }

  async #start(): Promise<WorkerStart> {
    const { roleDirectory, node } = this.#parts
    await this.govern(this.#parts.platform.sensors())
    if (this.role !== 'storage') await prepareWorkFolder(roleDirectory, null, node)
    return {
      role: this.role,
      node,
      operator: this.#parts.operator,
      nodePublicKey: this.#parts.nodePublicKeyHex,
      network: this.#parts.network,
      dataDirectory: roleDirectory,
      workDirectory: workFolderOf(roleDirectory, this.role === 'storage' ? this.#firstDisk() : null, node),
      listen: this.#parts.listen,
      allowance: this.allowance,
      ...(this.role === 'energy' ? { meter: this.#intent.meter ?? null } : {}),
    }
  }

  #firstDisk(): string | null {
    return this.#intent.disks[0]?.path ?? null
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
