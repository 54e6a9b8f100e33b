import { fakeOverview } from './fake-earnings.ts'
import { renderScene, renderSceneNames } from './fake-render.ts'
import { fakeDiskStatus, fakeInventory, fakeSnapshot, fakeStake, fakeStorageOff } from './fake-snapshot.ts'
import { fakeDeviceStates, fakeGas, fakeIdleScreen, fakeOperator, fakeStranger, fakeWallet } from './fake-wallet.ts'
import type { EarningsOverview, RoleView, Snapshot, WalletView } from './types.ts'

/** States of the pages about money. */
const moneySceneNames = [
  'touch',
  'twoButton',
  'usb',
  'noPermission',
  'payoutWaits',
  'payoutRipe',
  'payoutDiffers',
  'authorize',
  'dearClaim',
  'early',
  'unbonding',
] as const

type MoneyScene = (typeof moneySceneNames)[number]

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
  ...moneySceneNames,
  ...renderSceneNames,
  'loading',
  'broken',
] as const

export type SceneName = (typeof sceneNames)[number]

/** Before a network is there. */
const noMoney = { wallet: null, gas: null, stake: null } as const

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
      return { ...fresh, network: { kind: 'none' }, earnings: null, ...noMoney }
    case 'starting':
      return {
        ...fresh,
        network: { kind: 'starting', step: 'neighbours', done: 4, total: 6 },
        earnings: null,
        ...noMoney,
      }
    case 'failed':
      return {
        ...fresh,
        network: {
          kind: 'failed',
          message: 'Port 8545 is taken by another program.',
          action: 'Close that program or choose another port.',
        },
        earnings: null,
        ...noMoney,
      }
    case 'unreachable':
      return unreachableScene(base, nowMs)
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
    case 'renderOff':
    case 'rendering':
    case 'renderIdle':
    case 'renderPaused':
    case 'noSurface':
      return renderScene(scene, base, nowMs)
    default:
      return moneyScene(scene, base, nowMs)
  }
}

function moneyScene(scene: MoneyScene, base: Snapshot, nowMs: number): Snapshot {
  const wallet = (change: Partial<WalletView>): Snapshot => ({ ...base, wallet: { ...fakeWallet(), ...change } })
  const pending = { to: fakeStranger, effectiveAtMs: nowMs + 250_000_000 }
  switch (scene) {
    case 'touch':
    case 'twoButton':
      return wallet({ choice: { kind: 'practiceLedger', model: scene }, practiceScreen: fakeIdleScreen(scene) })
    case 'usb':
      return wallet({ choice: { kind: 'usb' }, hardware: true, state: { kind: 'notConnected' } })
    case 'noPermission':
      return wallet({
        choice: { kind: 'usb' },
        hardware: true,
        state: fakeDeviceStates.find(({ kind }) => kind === 'noPermission') ?? { kind: 'unknown' },
      })
    case 'payoutWaits':
      return wallet({ payout: { address: fakeOperator, confirmedAddress: fakeOperator, pending, differs: false } })
    case 'payoutRipe': {
      const ripe = { ...pending, effectiveAtMs: nowMs - 60_000 }
      return wallet({
        payout: { address: fakeOperator, confirmedAddress: fakeOperator, pending: ripe, differs: false },
      })
    }
    case 'payoutDiffers':
      return wallet({
        payout: { address: fakeStranger, confirmedAddress: fakeOperator, pending: null, differs: true },
      })
    case 'authorize': {
      const earning = { earning: false, lastAcceptedWorkAtMs: null, reason: 'waitingForConsentOnChain' } as const
      const asked = wallet({
        choice: { kind: 'practiceLedger', model: 'touch' },
        practiceScreen: fakeIdleScreen('touch'),
      })
      return { ...asked, roles: [withStorage(base, { earning, boundOnChain: false })], earnings: zeroEarnings(base) }
    }
    case 'dearClaim':
      return { ...base, gas: { ...fakeGas(), low: true, proofsLeft: 4, balanceWei: '310000000000' }, gasFloatLow: true }
    case 'early':
      return base
    case 'unbonding':
      return {
        ...base,
        stake: {
          ...fakeStake(nowMs),
          unbondingWei: '20000000000000000000',
          unbondingEndsAtMs: nowMs + 9e8,
          openSets: 0,
        },
      }
  }
}

/** Figures of the earnings page in a scene. */
export function sceneOverview(scene: SceneName, snapshot: Snapshot): EarningsOverview {
  const overview = fakeOverview(snapshot)
  if (scene === 'early') return { ...overview, estimate: { kind: 'tooEarly', daysSeen: 3, daysNeeded: 7 }, week: null }
  if (scene !== 'dearClaim') return overview
  const gasInTokenWei = (BigInt(snapshot.earnings?.claimableWei ?? '0') / 3n).toString()
  const breakEvenAtMs = snapshot.atMs + 12 * 86_400_000
  return { ...overview, advice: { ...overview.advice, gasInTokenWei, verdict: 'tooDear', breakEvenAtMs } }
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

function unreachableScene(base: Snapshot, nowMs: number): Snapshot {
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
