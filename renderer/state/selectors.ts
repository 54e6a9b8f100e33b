import type { NetworkView, RoleView, Snapshot } from '../bridge/types.ts'

export type RoleName = RoleView['role']

/** How money is to be shown on the present network; `practice` is null until a network has told. */
export type Currency = { readonly symbol: string; readonly practice: boolean | null }

/** How warm the hearth is: earning, ready but not earning, or nothing running. */
export type Heat = 'glowing' | 'banked' | 'cold'

/** The one sentence about now that the overview leads with. */
export type Now =
  | { readonly kind: 'none' | 'starting' | 'failed' | 'unreachable' | 'off' }
  | { readonly kind: 'paused'; readonly untilMs: number | null }
  | { readonly kind: 'earning'; readonly lastAcceptedWorkAtMs: number | null }
  | { readonly kind: 'waiting' | 'stopped'; readonly role: RoleView }

/** A pause that ends later than this is one without an end. */
const openPauseMs = 365 * 24 * 60 * 60 * 1000

/** The view of a role, or null when main does not offer it. */
export function selectRole(snapshot: Snapshot, role: RoleName): RoleView | null {
  return snapshot.roles.find((view) => view.role === role) ?? null
}

/** Symbol of the network's token; while the network does not answer, as it was before. */
export function currencyOf(network: NetworkView, before: Currency | null): Currency {
  if (network.kind === 'ready') return { symbol: network.symbol, practice: network.practice }
  if (network.kind === 'unreachable' && network.symbol !== undefined) {
    return { symbol: network.symbol, practice: network.practice ?? null }
  }
  return before ?? { symbol: '', practice: null }
}

/** The pause over all roles that is in force at a moment, or null. `untilMs` null means until the person resumes. */
export function selectPause(snapshot: Snapshot, nowMs: number): { readonly untilMs: number | null } | null {
  const untilMs = snapshot.pausedAllUntilMs
  if (untilMs === null || untilMs <= nowMs) return null
  return { untilMs: untilMs - nowMs > openPauseMs ? null : untilMs }
}

/** True while something is switched on whose key the operator has not agreed to, and agreeing takes a person. */
export function waitsForAgreement({ roles, wallet }: Snapshot): boolean {
  // The practice key agrees by itself, within moments.
  if (wallet === null || wallet.choice.kind === 'practiceKey') return false
  return roles.some(({ intent, earning }) => intent.on && earning.reason === 'waitingForConsentOnChain')
}

/** Decides what the overview says, worst news about the network first, then the person's own wishes, then the roles. */
export function selectNow(snapshot: Snapshot, nowMs: number): Now {
  if (snapshot.network.kind !== 'ready') return { kind: snapshot.network.kind }
  const on = snapshot.roles.filter((role) => role.intent.on)
  const pause = selectPause(snapshot, nowMs)
  if (pause !== null) return { kind: 'paused', untilMs: pause.untilMs }
  const first = on[0]
  if (first === undefined) return { kind: 'off' }
  const earning = on.filter((role) => role.earning.earning)
  if (earning.length > 0) return { kind: 'earning', lastAcceptedWorkAtMs: latestWork(earning) }
  const running = on.find((role) => isUp(role))
  return running === undefined ? { kind: 'stopped', role: first } : { kind: 'waiting', role: running }
}

/** How warm the hearth is for a state of now. */
export function heatOf(now: Now): Heat {
  switch (now.kind) {
    case 'earning':
      return 'glowing'
    case 'waiting':
    case 'paused':
    case 'starting':
    case 'unreachable':
      return 'banked'
    case 'off':
    case 'none':
    case 'failed':
    case 'stopped':
      return 'cold'
  }
}

function isUp(role: RoleView): boolean {
  return role.process.kind === 'running' || role.process.kind === 'starting'
}

function latestWork(roles: readonly RoleView[]): number | null {
  const times = roles.map((role) => role.earning.lastAcceptedWorkAtMs).filter((time) => time !== null)
  return times.length === 0 ? null : Math.max(...times)
}
