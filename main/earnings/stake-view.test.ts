import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SlashEvent } from '../../contracts/client/index.ts'
import { type Fault, type StakeFacts, viewStake } from './stake-view.ts'

const token = 10n ** 18n
const [node, anna, ben] = [`0x${'a'.repeat(40)}`, `0x${'b'.repeat(40)}`, `0x${'c'.repeat(40)}`]
const periodMs = 30_000
const windowPeriods = 30

const fault = (customer: string, period: number, slashedWei = 0n): Fault => ({
  ...{ kind: 'fault', customer, node, period, slashedWei, blockNumber: period, blockHash: '0x', logIndex: 1 },
  transactionHash: `0x${customer}${period}`,
})
/** The slash right before a fault in its transaction. */
const slashOf = ({ transactionHash, blockNumber, slashedWei }: Fault): SlashEvent => ({
  ...{ node, amountWei: slashedWei, blockNumber, transactionHash, logIndex: 0 },
})

const facts = (change: Partial<StakeFacts> = {}): StakeFacts => ({
  node,
  stake: { stakedWei: 50n * token, unbondingWei: 0n, unbondingEndsAtSeconds: null, openSets: 2 },
  allowance: { riskWei: 100n * token, slashedWei: 0n },
  faults: [],
  otherFaults: [],
  slashes: [],
  currentPeriod: 1000,
  periodMs,
  windowPeriods,
  ...change,
})

describe('the next missed proof', () => {
  test('costs only its pay while fewer than two were missed for a customer within the window', () => {
    const view = viewStake(facts({ faults: [fault(anna, 999), fault(ben, 999), fault(ben, 970)] }))
    expect(view).toMatchObject({ faultsInWindow: 1, nextFaultCostsWei: '0' })
  })

  test('costs one percent of the stake from the third on', () => {
    const view = viewStake(facts({ faults: [fault(anna, 998), fault(anna, 999)] }))
    expect(view).toMatchObject({ faultsInWindow: 2, nextFaultCostsWei: String(token / 2n) })
  })

  test('counts a fault until its window is over, exactly', () => {
    const view = (currentPeriod: number) =>
      viewStake(facts({ faults: [fault(anna, 970), fault(anna, 999)], currentPeriod }))
    expect(view(999).faultsInWindow).toBe(2)
    expect(view(1000).faultsInWindow).toBe(1)
  })

  test('costs nothing more after ten slashes in the window', () => {
    const faults = Array.from({ length: 12 }, (_, index) => fault(anna, 980 + index, index < 2 ? 0n : token))
    const slashes = faults.slice(2).map(slashOf)
    expect(viewStake(facts({ faults, slashes })).nextFaultCostsWei).toBe('0')
    expect(viewStake(facts({ faults, slashes: slashes.slice(1) })).nextFaultCostsWei).toBe(String(token / 2n))
  })
})

test('no more is at risk than the stake, nor than what the sentence of this machine left', () => {
  fc.assert(
    fc.property(
      fc.bigInt(0n, 10n ** 26n),
      fc.bigInt(0n, 10n ** 25n),
      fc.bigInt(0n, 10n ** 25n),
      (stakedWei, left, gone) => {
        const stake = { stakedWei, unbondingWei: 0n, unbondingEndsAtSeconds: null, openSets: 0 }
        const allowance = { riskWei: left + gone, slashedWei: gone }
        const faults = [fault(anna, 998), fault(anna, 999)]
        const view = viewStake(facts({ stake, allowance, faults }))
        const atRisk = BigInt(view.atRiskWei)
        expect(atRisk <= stakedWei && atRisk <= left && (atRisk === stakedWei || atRisk === left)).toBe(true)
        expect(BigInt(view.nextFaultCostsWei) <= atRisk).toBe(true)
      },
    ),
  )
  expect(viewStake(facts({ allowance: null })).atRiskWei).toBe('0')
})

test('every slash names its round and its transaction, newest first, also where another machine missed the proof', () => {
  const missed = fault(anna, 998, token / 2n)
  const other = { ...fault(ben, 999, token), node: ben }
  const elsewhere: SlashEvent = { ...slashOf(other), node: ben }
  const view = viewStake(facts({ faults: [missed], otherFaults: [other], slashes: [slashOf(missed), elsewhere] }))
  // Faults of another machine say nothing about what the next one of this costs.
  expect(view.faultsInWindow).toBe(1)
  expect(view.slashedWei).toBe(String((token * 3n) / 2n))
  expect(view.taken).toEqual([
    {
      amountWei: String(token),
      missedAtMs: 1000 * periodMs,
      elsewhere: true,
      customer: ben,
      transactionHash: elsewhere.transactionHash,
    },
    {
      amountWei: String(token / 2n),
      missedAtMs: 999 * periodMs,
      customer: anna,
      transactionHash: missed.transactionHash,
    },
  ])
})

test('says what is on its way back and until when', () => {
  const stake = { stakedWei: 9n, unbondingWei: 4n, unbondingEndsAtSeconds: 1_800_000_000, openSets: 0 }
  expect(viewStake(facts({ stake }))).toMatchObject({
    ...{ provisionWei: '9', unbondingWei: '4', unbondingEndsAtMs: 1_800_000_000_000, openSets: 0, windowMs: 900_000 },
  })
})
