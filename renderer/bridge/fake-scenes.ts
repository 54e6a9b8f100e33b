import { fakeDiskStatus, fakeInventory, fakeSnapshot, fakeStorageOff } from './fake-snapshot.ts'
import type { RoleView, Snapshot } from './types.ts'

/** States of the window to look at and to test, by name. */
export const sceneNames = [
  'earning',
  'off',
  'none',
  'starting',
  'failed',
  'unreachable',
  'waiting',
  'paused',
  'parked',
  'problem',
  'disks',
  'bare',
  'measuring',
  'loading',
  'broken',
] as const

export type SceneName = (typeof sceneNames)[number]

/** The snapshot of a scene. `loading` and `broken` differ in how the bridge answers, not in what. */
export function sceneSnapshot(scene: SceneName, nowMs: number): Snapshot {
  const base = fakeSnapshot(nowMs)
  const fresh: Snapshot = { ...base, operator: null, roles: [fakeStorageOff()], earnings: { ...zeroEarnings(base) } }
  switch (scene) {
    case 'earning':
    case 'loading':
    case 'broken':
      return base
    case 'off':
      return fresh
    case 'none':
      return { ...fresh, network: { kind: 'none' }, earnings: null }
    case 'starting':
      return { ...fresh, network: { kind: 'starting', step: 'neighbours', done: 4, total: 6 }, earnings: null }
    case 'failed':
      return {
        ...fresh,
        network: {
          kind: 'failed',
          message: 'Port 8545 is taken by another program.',
          action: 'Close that program or choose another port.',
        },
        earnings: null,
      }
    case 'unreachable':
      return {
        ...base,
        network: {
          kind: 'unreachable',
          name: 'Practice network',
          sinceMs: nowMs - 190_000,
          message: 'connection refused',
          practice: true,
          symbol: 'PLAY',
        },
        roles: [
          withStorage(base, {
            earning: { earning: false, lastAcceptedWorkAtMs: nowMs - 200_000, reason: 'chainUnreachable' },
          }),
        ],
      }
    case 'waiting':
      return {
        ...base,
        roles: [
          withStorage(base, {
            earning: { earning: false, lastAcceptedWorkAtMs: null, reason: 'waitingForFirstCustomer' },
            todayWei: '0',
          }),
        ],
        earnings: zeroEarnings(base),
      }
    case 'paused':
      return pausedScene(base, nowMs)
    case 'parked':
      return {
        ...base,
        roles: [
          withStorage(base, {
            process: { kind: 'parked', crash: 'out of memory', crashes: 5 },
            earning: { earning: false, lastAcceptedWorkAtMs: nowMs - 900_000, reason: 'notRunning' },
          }),
        ],
      }
    case 'problem':
      return problemScene(base, nowMs)
    case 'disks':
      return disksScene(base, nowMs)
    case 'bare':
      return { ...fresh, inventory: bareInventory(nowMs), suitability: [] }
    case 'measuring':
      return { ...fresh, inventory: null, suitability: [] }
  }
}

function withStorage(base: Snapshot, change: Partial<RoleView>): RoleView {
  return { ...(base.roles[0] ?? fakeStorageOff()), ...change }
}

function zeroEarnings(base: Snapshot): Snapshot['earnings'] & object {
  const zero = {
    earnedWei: '0',
    claimedWei: '0',
    claimableWei: '0',
    movedToStakeWei: '0',
    accruingWei: '0',
    burnedWei: '0',
    gasWei: '0',
    rewardsWei: '0',
    accruingRewardsWei: '0',
  }
  return { ...zero, byRole: {}, rewardsByRole: {}, reconciles: true, asOfBlock: base.earnings?.asOfBlock ?? null }
}

function pausedScene(base: Snapshot, nowMs: number): Snapshot {
  const storage = withStorage(base, {
    earning: { earning: false, lastAcceptedWorkAtMs: nowMs - 600_000, reason: 'paused' },
    allowance: {
      ...withStorage(base, {}).allowance,
      work: 'paused',
      reason: 'pausedByPerson',
      resumesAtMs: nowMs + 3_000_000,
    },
  })
  return { ...base, pausedAllUntilMs: nowMs + 3_000_000, roles: [storage] }
}

function problemScene(base: Snapshot, nowMs: number): Snapshot {
  const before = withStorage(base, {})
  const status = before.status && {
    ...before.status,
    problems: [
      {
        code: 'DISK_READ_ONLY',
        message: 'The disk /media/anna/Archive cannot be written to.',
        action: 'Check the disk, or choose another one below.',
      },
    ],
  }
  const storage = {
    ...before,
    status,
    earning: { earning: false, lastAcceptedWorkAtMs: nowMs - 4_000_000, reason: 'problem' } as const,
  }
  const earnings = base.earnings && { ...base.earnings, reconciles: false }
  return { ...base, roles: [storage], earnings, gasFloatLow: true }
}

/** Three disks: one at work, one that gives its pieces away, one that is not connected. */
function disksScene(base: Snapshot, nowMs: number): Snapshot {
  const before = withStorage(base, {})
  const one = fakeDiskStatus(nowMs)
  const archive = '/media/anna/Archive'
  const stick = '/media/anna/STICK'
  const leaving = {
    ...one,
    path: archive,
    leaving: true,
    usedBytes: 212e9,
    limitBytes: 1.5e12,
    scrub: { share: 0.9, readAgainByMs: null, bytesPerSecond: 0, late: 'offTooLong' as const },
    move: {
      state: 'moving' as const,
      piecesLeft: 12_640,
      bytesLeft: 212e9,
      bytesMoved: 88e9,
      bytesPerSecond: 61e6,
      endsAtMs: nowMs + 3_475_000,
      withoutRoomBytes: 4.2e9,
    },
  }
  const away = { ...one, path: stick, state: 'missing' as const, freeBytes: null, usage: null, scrub: null }
  const status = before.status && { ...before.status, disks: [one, leaving, away] }
  const intent = {
    ...before.intent,
    disks: [
      ...before.intent.disks,
      { path: archive, limitBytes: 1.5e12, leaving: true, moveTo: null },
      { path: stick, limitBytes: 20e9, leaving: false, moveTo: null },
    ],
  }
  return { ...base, roles: [{ ...before, intent, status }] }
}

function bareInventory(nowMs: number): NonNullable<Snapshot['inventory']> {
  const full = fakeInventory(nowMs)
  const message = 'the system did not answer within 3 seconds'
  const probes = full.probes.map((probe) =>
    probe.probe === 'gpus'
      ? { ...probe, state: 'timedOut' as const, message }
      : probe.probe === 'network'
        ? { ...probe, state: 'failed' as const, message: 'access denied' }
        : probe,
  )
  const power = { onBattery: null, batteryPercent: null, cpuModel: null, cpuCores: null, memoryBytes: null }
  return { ...full, disks: [], gpus: [], network: [], power, probes }
}
