import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, expect, test } from 'vitest'
import { fakeSnapshot, fakeStake } from '../../bridge/fake-snapshot.ts'
import { snapshotArrived, useSnapshotStore } from '../../state/snapshot.ts'
import type { StakeView } from '../../state/snapshot.ts'
import { AtRiskCard } from './at-risk-card.tsx'

const nowMs = Date.UTC(2026, 2, 4, 12)

/** Rendering to text reads a store as it was at first: that is made what the snapshot says. */
function shows(stake: StakeView | null): string {
  snapshotArrived({ ...fakeSnapshot(nowMs), stake })
  Object.assign(useSnapshotStore.getInitialState(), useSnapshotStore.getState())
  return renderToStaticMarkup(createElement(AtRiskCard))
}

afterEach(() => {
  Object.assign(useSnapshotStore.getInitialState(), { state: { kind: 'loading' } })
  useSnapshotStore.setState({ state: { kind: 'loading' } })
})

/** The card's words, without its marks. */
function wordsOf(change: Partial<StakeView>): string {
  return shows({ ...fakeStake(nowMs), ...change })
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
}

test('says what is staked, what was taken and why, in words', () => {
  const words = wordsOf({})
  expect(words).toContain('Your deposit 49.50')
  expect(words).toContain('1 proof in 30 days')
  expect(words).toContain('The next missed proof costs Only its pay')
  expect(words).toContain(
    'The first two missed proofs for a customer within 30 days cost only the pay of their rounds.',
  )
  expect(words).toContain('0.50')
  expect(words).toContain('a proof was missed once too often')
  expect(words).toContain('You keep pieces for 3 customers.')
})

test('names the price of the next missed proof once two were missed', () => {
  const words = wordsOf({ faultsInWindow: 2, nextFaultCostsWei: '495000000000000000', windowMs: 900_000 })
  expect(words).toContain('2 proofs for one customer in 15 minutes')
  expect(words).toContain('The next missed proof costs 0.495')
})

test('tells somebody without a deposit that nothing can be taken', () => {
  const words = wordsOf({ provisionWei: '0', slashedWei: '0', taken: [], atRiskWei: '0', openSets: 0 })
  expect(words).toContain('You have made no deposit, so nothing can be taken from you')
  expect(words).toContain('Nothing was ever taken.')
  expect(words).not.toContain('On its way back')
})

test('shows what is on its way back, still at risk, and names another machine as the cause', () => {
  const taken = [{ amountWei: '1', missedAtMs: 5, elsewhere: true, customer: null, transactionHash: '0x' }]
  const unbonding = { unbondingWei: '5000000000000000000', unbondingEndsAtMs: nowMs + 60_000 }
  const words = wordsOf({ ...unbonding, taken, openSets: 0 })
  expect(words).toContain('On its way back to you, still at risk 5.00')
  expect(words).toContain('another of your computers missed a proof once too often')
  expect(words).not.toContain('You keep pieces for')
})

test('shows nothing before the stake is read', () => {
  expect(shows(null)).toBe('')
})
