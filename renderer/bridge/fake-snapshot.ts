import { fakeGas, fakeWallet } from './fake-wallet.ts'
import type { DiskStatus, Inventory, RoleView, Snapshot, StakeView, Suitability } from './types.ts'

/** Builders of plausible data for tests and for looking at screens; never part of the app. */

const gigabyte = 1e9
const nodeAddress = '0x3f5CE5FBFe3E9af3971dD833D26bA9b5C936f0bE'

export function fakeInventory(nowMs: number): Inventory {
  return {
    measuredAtMs: nowMs - 95_000,
    disks: [
      {
        mount: '/',
        fileSystem: 'ext4',
        sizeBytes: 512 * gigabyte,
        freeBytes: 214 * gigabyte,
        model: 'Samsung SSD 980',
        kind: 'nvme',
        health: 'ok',
        readOnly: false,
        holdsHome: true,
      },
      {
        mount: '/media/anna/Archive',
        fileSystem: 'ext4',
        sizeBytes: 4000 * gigabyte,
        freeBytes: 3120 * gigabyte,
        model: 'WDC WD40EFRX-68N32N0',
        kind: 'hdd',
        health: 'ok',
        readOnly: false,
        holdsHome: false,
      },
      {
        mount: '/media/anna/STICK',
        fileSystem: 'vfat',
        sizeBytes: 32 * gigabyte,
        freeBytes: 1.2 * gigabyte,
        model: null,
        kind: 'removable',
        health: 'unknown',
        readOnly: true,
        holdsHome: false,
      },
    ],
    gpus: [{ vendor: 'NVIDIA', model: 'GeForce RTX 3060', memoryBytes: 12 * 1024 ** 3, driver: '550.120' }],
    meters: [],
    power: {
      onBattery: false,
      batteryPercent: 82,
      cpuModel: 'AMD Ryzen 5 5600',
      cpuCores: 6,
      memoryBytes: 32 * 1024 ** 3,
    },
    network: [
      {
        name: 'enp4s0',
        kind: 'wired',
        addresses: ['192.168.1.24', 'fd12:3456:789a::24'],
        speedBitsPerSecond: 1e9,
        up: true,
      },
      { name: 'wlp3s0', kind: 'wireless', addresses: [], speedBitsPerSecond: null, up: false },
    ],
    probes: (['disks', 'gpus', 'meters', 'power', 'network'] as const).map((probe) => ({
      probe,
      state: 'measured',
      message: null,
      tookMs: 140,
    })),
  }
}

export function fakeSuitability(): Suitability[] {
  return [
    {
      mount: '/',
      verdict: 'good',
      reasons: ['roomy', 'fastWrite'],
      writeBytesPerSecond: 412e6,
      suggestedLimitBytes: 100 * gigabyte,
      maximumLimitBytes: 203 * gigabyte,
    },
    {
      mount: '/media/anna/Archive',
      verdict: 'fair',
      reasons: ['roomy', 'slowWrite'],
      writeBytesPerSecond: 61e6,
      suggestedLimitBytes: 1500 * gigabyte,
      maximumLimitBytes: 3109 * gigabyte,
    },
    {
      mount: '/media/anna/STICK',
      verdict: 'unsuitable',
      reasons: ['readOnly', 'removable', 'littleSpace'],
      writeBytesPerSecond: null,
      suggestedLimitBytes: 0,
      maximumLimitBytes: 0,
    },
  ]
}

/** Storage as nobody has touched it yet. */
export function fakeStorageOff(): RoleView {
  return {
    role: 'storage',
    intent: {
      on: false,
      runAnywayUntilMs: null,
      pausedUntilMs: null,
      disks: [{ path: null, limitBytes: null, leaving: false, moveTo: null }],
      movesPaused: false,
      leaving: null,
      gpuShare: null,
      uploadBytesPerSecond: null,
      downloadBytesPerSecond: null,
      consentedAtMs: null,
    },
    process: { kind: 'stopped' },
    earning: { earning: false, lastAcceptedWorkAtMs: null, reason: 'notRunning' },
    allowance: {
      work: 'paused',
      reason: 'switchedOff',
      resumesAtMs: null,
      diskLimitBytes: null,
      diskReserveBytes: null,
      uploadBytesPerSecond: null,
      downloadBytesPerSecond: null,
      cpuShare: null,
    },
    status: null,
    node: null,
    boundOnChain: null,
    todayWei: '0',
  }
}

/** One disk in use, as the worker tells of it. */
export function fakeDiskStatus(nowMs: number): DiskStatus {
  return {
    path: null,
    folder: '/home/anna/.config/Hearth/roles/storage/work',
    state: 'ready',
    pieces: 128,
    usedBytes: 37.4 * gigabyte,
    reservedBytes: 0,
    freeBytes: 176 * gigabyte,
    limitBytes: 100 * gigabyte,
    roomBytes: 62.6 * gigabyte,
    leaving: false,
    usage: { countedAtMs: nowMs - 3_600_000, onDiskBytes: 37.5 * gigabyte, temporaryFiles: 0, strayFiles: 0 },
    writeBytesPerSecond: 230e6,
    latencyMs: 2,
    move: null,
    scrub: { share: 0.62, readAgainByMs: nowMs + 17 * 86_400_000, bytesPerSecond: 524_288, late: null },
  }
}

/** Storage that runs and earns. */
export function fakeStorageEarning(nowMs: number): RoleView {
  const off = fakeStorageOff()
  return {
    ...off,
    intent: {
      ...off.intent,
      on: true,
      disks: [{ path: null, limitBytes: 100 * gigabyte, leaving: false, moveTo: null }],
      consentedAtMs: nowMs - 86_400_000,
    },
    process: { kind: 'running', sinceMs: nowMs - 3 * 3_600_000, pid: 4242 },
    earning: { earning: true, lastAcceptedWorkAtMs: nowMs - 12_000, reason: 'earning' },
    allowance: {
      ...off.allowance,
      work: 'full',
      reason: 'allowed',
      diskLimitBytes: 100 * gigabyte,
      diskReserveBytes: 10 * gigabyte,
    },
    status: {
      peerId: '16Uiu2HAm7kLQEYVQ4S7cKYtJ7gqz1s9bTj9X5Vw4yN2p',
      multiaddrs: ['/ip4/127.0.0.1/tcp/41002'],
      peers: 18,
      lastAcceptedWorkAtMs: nowMs - 12_000,
      storage: {
        pieces: 128,
        usedBytes: 37.4 * gigabyte,
        pendingBytes: 96e6,
        freeBytes: 176 * gigabyte,
        customers: 3,
        dataSets: 3,
        provenSets: 2,
        lastProvenPeriod: 1482,
        currentPeriod: 1483,
        nextProofAtMs: nowMs + 21_000,
        unredeemedWei: '4200000000000000',
        paidUntilMs: nowMs + 27 * 86_400_000,
        reputation: {
          score: 67.4,
          reasons: [
            { name: 'proofs', points: 11.2 },
            { name: 'age', points: 1.9 },
            { name: 'ownAudits', points: 4.8 },
            { name: 'speed', points: 1.1 },
            { name: 'exits', points: -1.6 },
          ],
          proven: 41,
          missed: 1,
          void: 2,
          lastMissCause: 'asleep',
          audits: { count: 4, asked: 32, right: 32 },
          servedBytesPerSecond: 3.4e6,
        },
      },
      disks: [fakeDiskStatus(nowMs)],
      problems: [],
    },
    node: nodeAddress,
    boundOnChain: true,
    todayWei: '1284310000000000000',
  }
}

/** A stake of which a little was taken. */
export function fakeStake(nowMs: number): StakeView {
  return {
    provisionWei: '49500000000000000000',
    unbondingWei: '0',
    unbondingEndsAtMs: null,
    atRiskWei: '49500000000000000000',
    slashedWei: '500000000000000000',
    faultsInWindow: 1,
    nextFaultCostsWei: '0',
    windowMs: 30 * 86_400_000,
    openSets: 3,
    taken: [
      {
        amountWei: '500000000000000000',
        missedAtMs: nowMs - 5 * 86_400_000,
        customer: '0x8ba1f109551bD432803012645Ac136ddd64DBA72',
        transactionHash: `0x${'5e'.repeat(32)}`,
      },
    ],
  }
}

/** A machine that earns on the practice network. */
export function fakeSnapshot(nowMs: number): Snapshot {
  return {
    version: '0.1.0',
    atMs: nowMs,
    network: {
      kind: 'ready',
      practice: true,
      name: 'Practice network',
      symbol: 'PLAY',
      chainId: 31337,
      blockNumber: 20_412,
      neighbours: 16,
      notice: null,
    },
    operator: '0x8ba1f109551bD432803012645Ac136ddd64DBA72',
    roles: [fakeStorageEarning(nowMs)],
    earnings: {
      earnedWei: '42731905000000000000',
      claimedWei: '4000000000000000000',
      claimableWei: '37731905000000000000',
      movedToStakeWei: '1000000000000000000',
      accruingWei: '312540000000000000',
      burnedWei: '2249047000000000000',
      gasWei: '812000000000000',
      byRole: { storage: '42731905000000000000' },
      rewardsWei: '1924107000000000000',
      rewardsByRole: { storage: '1924107000000000000' },
      accruingRewardsWei: '14062000000000000',
      reconciles: true,
      asOfBlock: 20_412,
    },
    stake: fakeStake(nowMs),
    inventory: fakeInventory(nowMs),
    suitability: fakeSuitability(),
    pausedAllUntilMs: null,
    gasFloatLow: false,
    wallet: fakeWallet(),
    gas: fakeGas(),
    theme: 'system',
  }
}
