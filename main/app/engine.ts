import { join } from 'node:path'
import { coalesce } from '../../roles/api/coalesce.ts'
import { CancelledError, serializeError } from '../../roles/api/errors.ts'
import { createListeners } from '../../roles/api/listeners.ts'
import type { RoleEvent } from '../../roles/api/messages.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import type { Activity } from '../api/channels.ts'
import type { DiskChange } from '../api/disk-change.ts'
import type { BooksService, EngineService, RoleLimits } from '../api/engine.ts'
import { untouchedIntent } from '../api/settings.ts'
import type { RoleIntent, Settings } from '../api/settings.ts'
import type { Snapshot } from '../api/snapshot.ts'
import { changeDisks, dropEmptyDisks, untilResumedMs } from '../governor/index.ts'
import { openActivityLog } from '../store/index.ts'
import type { ActivityLog, SettingsChange } from '../store/index.ts'
import { createBooksDesk } from './books-desk.ts'
import { bounded } from './bounded.ts'
import { buildSnapshot } from './build-snapshot.ts'
import type { Connection } from './connection.ts'
import type { ChainEvent } from './chain-watch.ts'
import { checkedLimits } from './checked-limits.ts'
import { watchConditions } from './conditions-watch.ts'
import type { EngineOptions } from './engine-options.ts'
import { every } from './every.ts'
import { watchGraphics } from './graphics-watch.ts'
import { createHardwareKeeper } from './hardware-keeper.ts'
import type { HardwareKeeper } from './hardware-keeper.ts'
import { followPieces } from './follow-pieces.ts'
import { pieceRows } from './list-pieces.ts'
import { watchMoney } from './money-watch.ts'
import type { MoneyWatch } from './money-watch.ts'
import { NetworkKeeper } from './network-keeper.ts'
import type { Identity } from './network-keeper.ts'
import { assertUsableDisk } from './read-disk.ts'
import { openRoleDesk } from './role-desk.ts'
import type { RoleDesk } from './role-desk.ts'
import type { Session } from './session.ts'
import { watchStake } from './stake-watch.ts'
import type { StakeWatch } from './stake-watch.ts'
import { WalletDesk } from './wallet-desk.ts'
import { createWalletService } from './wallet-service.ts'

export type { EngineOptions, PracticeStarter, StartedPractice } from './engine-options.ts'

/** Snapshots are told at most four times a second. */
const snapshotMs = 250
const upkeepMs = 60_000
/** Kept back from the deadline of `stop` for what comes after the workers. */
const tailMs = 1_500
/** After these there is something new to count. */
const moneyEvents: ReadonlySet<RoleEvent['kind']> = new Set(['proofAccepted', 'voucherRedeemed', 'renderUnitAccepted'])

/**
 * Starts the engine of a home: one per home, with or without a window. Resolves as soon as the home is open; network and
 * roles come up behind it and show in snapshots. Rejects with HomeInUseError or SettingsFileError, nothing left open.
 */
export async function startEngine(options: EngineOptions): Promise<EngineService> {
  const lock = options.home.lock('engine')
  try {
    const settings = await options.home.settings.read()
    const activity = openActivityLog(join(options.home.stateDirectory(), 'activity.sqlite'))
    return new Engine(options, settings, activity, () => lock.release()).begin()
  } catch (error) {
    lock.release()
    throw error
  }
}

class Engine implements EngineService {
  readonly books: BooksService
  readonly #options: EngineOptions
  readonly #activity: ActivityLog
  readonly #release: () => void
  readonly #hardware: HardwareKeeper
  readonly #network: NetworkKeeper
  readonly #snapshots = createListeners<Snapshot>((error) => this.#options.log.error('A listener failed.', { error }))
  readonly #lines = createListeners<Activity>((error) => this.#options.log.error('A listener failed.', { error }))
  readonly #telling = coalesce(() => this.#snapshots.tell(this.snapshot()), snapshotMs)
  #settings: Settings
  #desk: RoleDesk | null = null
  #money: MoneyWatch | null = null
  #stake: StakeWatch | null = null
  #wallet: WalletDesk | null = null
  readonly wallet = createWalletService(() => this.#wallet)
  #unwatch: () => void = () => {}
  #stopping: Promise<void> | null = null

  constructor(options: EngineOptions, settings: Settings, activity: ActivityLog, release: () => void) {
    this.#options = options
    this.#settings = settings
    this.#activity = activity
    this.#release = release
    const onChange = () => this.#changed()
    const { home, resources, practice, log } = options
    this.#hardware = createHardwareKeeper({ homeDirectory: home.directory, resources, onChange, log })
    this.books = createBooksDesk({
      session: () => this.#network.session,
      platform: options.platform,
      settings: () => this.#settings,
      change: (change) => this.#change(change),
    })
    this.#network = new NetworkKeeper({
      home,
      practice,
      onConnect: (connection) => this.#openWallet(connection),
      onOpen: (session) => this.#openDesk(session),
      onChain: (event) => this.#chainSaid(event),
      onChange,
      onTold: (level, code, values) => this.#tell(null, level, code, values),
      log,
    })
  }

  begin(): EngineService {
    this.#unwatch = this.#options.home.settings.watch((change) => this.#settingsChanged(change))
    void this.#network.start()
    void this.#hardware.rescan()
    return this
  }

  snapshot(): Snapshot {
    return buildSnapshot({
      version: this.#options.version,
      settings: this.#settings,
      network: this.#network.view(),
      session: this.#network.session,
      desk: this.#desk,
      hardware: this.#hardware,
      stake: this.#stake?.view() ?? null,
      gas: this.#money?.gas() ?? null,
      wallet: this.#wallet?.view() ?? null,
      provingPeriodMs: this.#money?.provingPeriodMs() ?? null,
    })
  }

  onSnapshot(listener: (snapshot: Snapshot) => void) {
    return this.#snapshots.add(listener)
  }

  onActivity(listener: (activity: Activity) => void) {
    return this.#lines.add(listener)
  }

  async activity(options: { beforeId: number | null; limit: number }) {
    return this.#activity.list(options)
  }

  async earningsByDay({ days }: { days: number }) {
    return this.#network.session?.book.byDay(days) ?? []
  }

  async pieces(options: { offset: number; limit: number }) {
    const { session } = this.#network
    return session === null ? { total: 0, rows: [] } : pieceRows(session, options)
  }

  async switchOn(options: RoleLimits) {
    const chosen = await this.#checkedLimits(options)
    const { role } = options
    const consentedAtMs = Date.now()
    await this.#intend(role, (intent) => ({ ...chosen(intent), on: true, consentedAtMs }))
    this.#tell(role, 'info', 'roleSwitchedOn', {})
  }

  async switchOff({ role }: { role: RoleName }) {
    await this.#intend(role, (intent) => ({ ...intent, on: false }))
    this.#tell(role, 'info', 'roleSwitchedOff', {})
  }

  async setLimits(options: RoleLimits) {
    await this.#intend(options.role, await this.#checkedLimits(options))
    this.#tell(options.role, 'info', 'limitsChanged', {})
  }

  async leave({ leave, forfeit }: { leave: boolean; forfeit: boolean }) {
    const leaving = leave ? { askedAtMs: Date.now(), forfeit } : null
    await this.#intend('storage', (intent) => ({ ...intent, leaving }))
  }

  async changeDisks(asked: DiskChange) {
    const change = asked.kind === 'add' ? { ...asked, path: this.#ownPath(asked.path) } : asked
    const added = change.kind === 'add' ? change.path : change.kind === 'move' ? change.to : null
    if (added !== null) await assertUsableDisk(added)
    const statuses = this.#desk?.controllers.get('storage')?.supervised.status()?.disks ?? []
    await this.#intend('storage', (intent) => changeDisks(intent, change, statuses))
    this.#tell('storage', 'info', 'limitsChanged', {})
  }

  async retry({ role }: { role: RoleName }) {
    this.#desk?.binding.recheck()
    this.#desk?.controllers.get(role)?.supervised.retry()
    this.#desk?.controllers.get(role)?.startIfPossible()
  }

  async pauseAll({ untilMs }: { untilMs: number | null }) {
    const pausedAllUntilMs = untilMs ?? untilResumedMs
    await this.#change((settings) => ({ ...settings, pausedAllUntilMs }))
    this.#tell(null, 'info', 'pausedAll', {})
  }

  async resumeAll() {
    await this.#change((settings) => ({ ...settings, pausedAllUntilMs: null }))
    this.#tell(null, 'info', 'resumedAll', {})
  }

  rescanHardware() {
    return this.#hardware.rescan()
  }

  startPractice() {
    return this.#network.start()
  }

  async setTheme(theme: Settings['theme']) {
    await this.#change((settings) => ({ ...settings, theme }))
  }

  stop({ deadlineMs }: { deadlineMs: number }): Promise<void> {
    this.#stopping ??= this.#end(deadlineMs)
    return this.#stopping
  }

  async #end(deadlineMs: number): Promise<void> {
    this.#unwatch()
    this.#hardware.stop()
    const leftMs = deadlineMs - Date.now()
    await bounded(this.#network.stop({ deadlineMs: deadlineMs - tailMs }), 'Stopping', Math.max(leftMs, tailMs)).catch(
      (error: unknown) => this.#options.log.error('Stopping was not clean.', { error }),
    )
    this.#telling.cancel()
    this.#snapshots.clear()
    this.#lines.clear()
    this.#activity.close()
    this.#release()
  }

  async #openWallet(connection: Connection): Promise<Identity> {
    const { home, platform, log, ledger = null } = this.#options
    const wallet = await WalletDesk.open({
      home,
      connection,
      platform,
      ledger,
      session: () => this.#network.session,
      reopen: () => this.#network.reopen(),
      onActivity: (line) => this.#add(line),
      onLanded: () => this.#lookAgain(),
      onChange: () => this.#changed(),
      log,
    })
    this.#wallet = wallet
    return {
      operator: () => wallet.operator(),
      stop: async () => {
        this.#wallet = null
        await wallet.stop()
      },
    }
  }

  /** A session has begun: roles may work. The result ends what was begun here. */
  #openDesk(session: Session): (options: { deadlineMs: number }) => Promise<void> {
    const { home, platform, customerUpkeep, resources, log } = this.#options
    const onChange = () => this.#changed()
    const wallet = this.#wallet
    const desk = openRoleDesk({
      session,
      authorize: async ({ signal }) => (await wallet?.authorize(session, signal)) ?? 'asked',
      platform,
      graphics: watchGraphics({ readGpuLoad: resources.readGpuLoad, log }),
      settings: this.#settings,
      onActivity: (line) => this.#add(line),
      onEvent: (role, event, atMs) => this.#roleSaid(session, role, event, atMs),
      onChange,
      log,
    })
    const money = watchMoney({ session, unredeemedWei: desk.unredeemedWei, onChange, log })
    const unwatchConditions = watchConditions({ ledger: session.conditions, desk, log })
    const upkeep = every(
      upkeepMs,
      async (signal) => customerUpkeep?.({ home, chain: session.chain, log, signal }),
      'Topping up what this home stored',
      log,
    )
    this.#desk = desk
    this.#money = money
    this.#stake = this.#watchStake(session)
    wallet?.consents.resume()
    desk.apply(this.#settings)
    return async ({ deadlineMs }) => {
      upkeep.stop()
      unwatchConditions()
      money.stop()
      this.#stake?.stop()
      await desk.stop({ deadlineMs })
      this.#desk = null
      this.#money = null
      this.#stake = null
    }
  }

  #watchStake(session: Session): StakeWatch {
    return watchStake({
      session,
      onTold: (level, code, values, transactionHash) =>
        this.#add({ atMs: Date.now(), role: 'storage', level, code, values, transactionHash }),
      onChange: () => this.#changed(),
      log: this.#options.log,
    })
  }

  #roleSaid(session: Session, role: RoleName, event: RoleEvent, atMs: number): void {
    followPieces(session.pieces, event, atMs)
    if (moneyEvents.has(event.kind)) this.#money?.poke()
    if (event.kind === 'problem') this.#options.log.warn(event.message, { role, code: event.code })
  }

  #chainSaid(event: ChainEvent): void {
    if (event === 'lost') this.#tell(null, 'warning', 'chainLost', {})
    if (event === 'back') this.#tell(null, 'info', 'chainBack', {})
    if (event === 'back' || event === 'reorganized') this.#lookAgain()
  }

  /** Something on the chain may have changed what is shown of keys, money and stake. */
  #lookAgain(): void {
    this.#desk?.binding.recheck()
    this.#money?.poke()
    this.#stake?.poke()
  }

  /** The disk that holds the home needs no folder of its own: pieces then lie in the home. */
  #ownPath(diskPath: string | null): string | null {
    const holdsHome = this.#hardware.inventory()?.disks.find((disk) => disk.mount === diskPath)?.holdsHome === true
    return holdsHome ? null : diskPath
  }

  #checkedLimits(options: RoleLimits): Promise<(intent: RoleIntent) => RoleIntent> {
    const { role } = options
    return checkedLimits(options, this.#ownPath(options.diskPath), () => ({
      present: (this.#settings.roles[role] ?? untouchedIntent).disks,
      usedBytes: this.#desk?.controllers.get(role)?.supervised.status()?.storage?.usedBytes ?? 0,
    }))
  }

  /** A disk whose last piece has moved away is taken from the list. */
  #dropEmptyDisks(): void {
    const statuses = this.#desk?.controllers.get('storage')?.supervised.status()?.disks ?? []
    const intent = this.#settings.roles.storage ?? untouchedIntent
    if (this.#stopping !== null || dropEmptyDisks(intent, statuses) === intent) return
    this.#intend('storage', (now) => dropEmptyDisks(now, statuses)).catch((error: unknown) =>
      this.#options.log.warn('An empty disk stays in the list.', { error }),
    )
  }

  #intend(role: RoleName, change: (intent: RoleIntent) => RoleIntent): Promise<void> {
    return this.#change((settings) => ({
      ...settings,
      roles: { ...settings.roles, [role]: change(settings.roles[role] ?? untouchedIntent) },
    }))
  }

  async #change(change: (settings: Settings) => Settings): Promise<void> {
    if (this.#stopping !== null) throw new CancelledError('The change')
    this.#takeSettings(await this.#options.home.settings.update(change))
  }

  #settingsChanged(change: SettingsChange): void {
    if (change.kind === 'settings') return this.#takeSettings(change.settings)
    const { message } = serializeError(change.error)
    this.#options.log.error(message)
    this.#tell(null, 'error', 'problem', { message })
  }

  #takeSettings(settings: Settings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return
    this.#settings = settings
    this.#desk?.apply(settings)
    this.#changed()
  }

  #tell(role: RoleName | null, level: Activity['level'], code: string, values: Activity['values']): void {
    this.#add({ atMs: Date.now(), role, level, code, values, transactionHash: null })
  }

  #add(line: Omit<Activity, 'id'>): void {
    if (this.#stopping === null) this.#lines.tell(this.#activity.add(line))
  }

  #changed(): void {
    this.#dropEmptyDisks()
    this.#telling.request()
  }
}
