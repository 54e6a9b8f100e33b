import { roleNames } from '../../roles/api/roles.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import { untouchedIntent } from '../api/settings.ts'
import type { Settings } from '../api/settings.ts'
import type { NetworkView, RoleView, Snapshot, StakeView } from '../api/snapshot.ts'
import type { GasView, WalletView } from '../api/wallet.ts'
import { decideAllowance } from '../governor/index.ts'
import { judgeEarning } from './earning-state.ts'
import type { HardwareKeeper } from './hardware-keeper.ts'
import type { RoleDesk } from './role-desk.ts'
import type { Session } from './session.ts'

/** Proving periods when the chain has not told its own yet: that of a real network. */
const assumedPeriodMs = 24 * 60 * 60 * 1000

/** Everything that a snapshot is made of. */
export type SnapshotParts = {
  readonly version: string
  readonly settings: Settings
  readonly network: NetworkView
  readonly session: Session | null
  readonly desk: RoleDesk | null
  readonly hardware: HardwareKeeper
  readonly stake: StakeView | null
  readonly gas: GasView | null
  readonly wallet: WalletView | null
  readonly provingPeriodMs: number | null
}

/** What the window shows, from the parts as they are now. */
export function buildSnapshot(parts: SnapshotParts): Snapshot {
  const { settings, session, hardware } = parts
  const nowMs = Date.now()
  return {
    version: parts.version,
    atMs: nowMs,
    network: parts.network,
    operator: session?.operator ?? null,
    roles: roleNames.map((role) => roleView(parts, role, nowMs)),
    earnings: session?.book.summary() ?? null,
    stake: parts.stake,
    inventory: hardware.inventory(),
    suitability: [...hardware.suitability(settings.diskReserveBytes)],
    pausedAllUntilMs: (settings.pausedAllUntilMs ?? 0) > nowMs ? settings.pausedAllUntilMs : null,
    gasFloatLow: parts.gas?.low ?? null,
    wallet: parts.wallet,
    gas: parts.gas,
    theme: settings.theme,
  }
}

function roleView(parts: SnapshotParts, role: RoleName, nowMs: number): RoleView {
  const { settings, session, desk } = parts
  const controller = desk?.controllers.get(role)
  const intent = settings.roles[role] ?? untouchedIntent
  const allowance = controller?.allowance ?? decideAllowance(settings, { nowMs, onBattery: null, disks: null }, role)
  const process = controller?.supervised.process() ?? { kind: 'stopped' }
  const status = controller?.supervised.status() ?? null
  const boundOnChain = desk?.binding.isBound(role) ?? null
  const earning = judgeEarning({
    nowMs,
    wanted: intent.on,
    process,
    status,
    allowance,
    boundOnChain: intent.on && intent.consentedAtMs === null ? false : boundOnChain,
    // A network that is still coming up is no fault: the role then counts as starting.
    chainReachable: parts.network.kind === 'ready' || parts.network.kind === 'starting',
    gasLow: parts.gas?.low ?? null,
    lastPaidAtMs: session?.book.lastPaidAtMs(role) ?? null,
    provingPeriodMs: parts.provingPeriodMs ?? assumedPeriodMs,
  })
  return {
    role,
    intent,
    process,
    earning,
    allowance,
    status,
    node: controller?.node ?? null,
    boundOnChain,
    todayWei: session?.book.todayWei(role) ?? '0',
  }
}
