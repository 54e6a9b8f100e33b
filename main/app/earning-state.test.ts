import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Allowance } from '../../roles/api/allowance.ts'
import type { RoleStatus } from '../../roles/api/messages.ts'
import { judgeEarning } from './earning-state.ts'
import type { EarningFactsOfRole } from './earning-state.ts'

const allowance: Allowance = {
  work: 'full',
  reason: 'allowed',
  resumesAtMs: null,
  diskLimitBytes: null,
  diskReserveBytes: null,
  uploadBytesPerSecond: null,
  downloadBytesPerSecond: null,
  cpuShare: null,
}
const status = (change: Partial<RoleStatus> = {}, pieces = 0): RoleStatus => ({
  peerId: 'peer',
  multiaddrs: [],
  peers: 3,
  lastAcceptedWorkAtMs: null,
  problems: [],
  storage: {
    pieces,
    usedBytes: 0,
    pendingBytes: 0,
    freeBytes: 0,
    customers: 0,
    dataSets: 0,
    provenSets: 0,
    lastProvenPeriod: null,
    currentPeriod: null,
    nextProofAtMs: null,
    unredeemedWei: '0',
  },
  ...change,
})
const healthy: EarningFactsOfRole = {
  nowMs: 1_000_000,
  wanted: true,
  process: { kind: 'running', sinceMs: 0, pid: 1 },
  status: status({ lastAcceptedWorkAtMs: 990_000 }),
  allowance,
  boundOnChain: true,
  chainReachable: true,
  gasLow: false,
  lastPaidAtMs: null,
  provingPeriodMs: 30_000,
}

describe('earning is not running', () => {
  test('a role earns while its last accepted work is recent', () => {
    expect(judgeEarning(healthy)).toEqual({ earning: true, lastAcceptedWorkAtMs: 990_000, reason: 'earning' })
  })

  test('a payment that the chain recorded before this start counts too', () => {
    const facts = { ...healthy, status: status({}, 4), lastPaidAtMs: 995_000 }
    expect(judgeEarning(facts)).toMatchObject({ earning: true, lastAcceptedWorkAtMs: 995_000 })
  })

  test.each([
    ['notRunning', { wanted: false, process: { kind: 'stopped' } }],
    ['chainUnreachable', { chainReachable: false, status: status() }],
    ['waitingForConsentOnChain', { boundOnChain: false, process: { kind: 'stopped' }, status: null }],
    ['starting', { process: { kind: 'starting', sinceMs: 1 }, status: null }],
    ['notRunning', { process: { kind: 'parked', crash: 'x', crashes: 5 }, status: null }],
    ['gasLow', { gasLow: true, status: status() }],
    ['problem', { status: status({ problems: [{ code: 'X', message: 'x', action: null }] }) }],
    ['paused', { allowance: { ...allowance, work: 'paused' }, status: status() }],
    ['noPeers', { status: status({ peers: 0 }) }],
    ['waitingForFirstCustomer', { status: status() }],
    ['waitingForFirstProof', { status: status({}, 3) }],
    ['noRecentWork', { status: status({ lastAcceptedWorkAtMs: 1 }, 3) }],
  ] as const)('otherwise the reason is %s', (reason, change) => {
    const facts = { ...healthy, ...change } as EarningFactsOfRole
    expect(judgeEarning(facts)).toMatchObject({ earning: false, reason })
  })

  test('no green light without a running process and recent accepted work, whatever else is true', () => {
    const process = fc.constantFrom<EarningFactsOfRole['process']>(
      { kind: 'stopped' },
      { kind: 'running', sinceMs: 0, pid: 1 },
      { kind: 'waiting', restartAtMs: 1, crash: 'x', attempt: 1 },
    )
    const time = fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: null })
    fc.assert(
      fc.property(process, time, time, fc.boolean(), (state, worked, paid, wanted) => {
        const facts = {
          ...healthy,
          process: state,
          status: status({ lastAcceptedWorkAtMs: worked }),
          lastPaidAtMs: paid,
          wanted,
        }
        const { earning, reason } = judgeEarning(facts)
        expect(earning).toBe(reason === 'earning')
        if (earning) {
          expect(state.kind).toBe('running')
          expect(1_000_000 - Math.max(worked ?? 0, paid ?? 0)).toBeLessThanOrEqual(75_000)
        }
      }),
    )
  })
})
