import fc from 'fast-check'
import { roleNames } from '../../../roles/api/roles.ts'
import type { GatheredRow } from '../../store/index.ts'

/** The clock of the tests' epochs: a minute each, the first begins at second 600. */
export const testClock = { epochSeconds: 60, origin: 9 } as const

const place = (blockNumber: number, atSeconds: number, part: number) => ({
  blockNumber,
  logIndex: 0,
  part,
  transactionHash: `0x${blockNumber.toString(16).padStart(64, '0')}`,
  atSeconds,
})

/** A payment for work. */
export function workRow(blockNumber: number, atSeconds: number, given: Partial<GatheredRow> = {}): GatheredRow {
  return {
    ...place(blockNumber, atSeconds, 1),
    kind: 'work',
    role: 'storage',
    node: '0xAA',
    customer: '0xC1',
    work: 'storageProof',
    amountWei: 95n,
    burnedWei: 5n,
    ...given,
  }
}

/** The share that the payment in the same block settled. */
export function rewardRow(blockNumber: number, atSeconds: number, given: Partial<GatheredRow> = {}): GatheredRow {
  const nobody = { node: null, customer: null, work: null, burnedWei: 0n }
  const row: GatheredRow = {
    ...place(blockNumber, atSeconds, 0),
    kind: 'reward',
    role: 'storage',
    amountWei: 4n,
    ...nobody,
  }
  return { ...row, ...given }
}

/** A claim or a move into stake. */
export function outRow(blockNumber: number, atSeconds: number, given: Partial<GatheredRow> = {}): GatheredRow {
  const nobody = { role: null, node: null, customer: null, work: null, burnedWei: 0n }
  const row: GatheredRow = { ...place(blockNumber, atSeconds, 1), kind: 'claim', amountWei: 10n, ...nobody }
  return { ...row, ...given }
}

const wei = fc.bigInt({ min: 0n, max: 10n ** 24n })
const step = fc.record({
  seconds: fc.integer({ min: 0, max: 40 }),
  kind: fc.constantFrom('work', 'work', 'work', 'reward', 'claim', 'stake'),
  role: fc.constantFrom(...roleNames),
  node: fc.constantFrom('0xAA', '0xBB'),
  customer: fc.constantFrom('0xC1', '0xC2', '0xC3'),
  work: fc.constantFrom('storageProof', 'voucher', 'repair'),
  amountWei: wei,
  burnedWei: wei,
})

/** Random books in chain order, one block a line but for rewards, which stand before the payment that settled them. */
export const bookArbitrary: fc.Arbitrary<readonly GatheredRow[]> = fc.array(step, { maxLength: 60 }).map((steps) => {
  let atSeconds = 600
  return steps.flatMap(({ seconds, kind, role, node, customer, work, amountWei, burnedWei }, index): GatheredRow[] => {
    atSeconds += seconds
    const blockNumber = index + 1
    if (kind === 'claim' || kind === 'stake') return [outRow(blockNumber, atSeconds, { kind, amountWei })]
    const paid = workRow(blockNumber, atSeconds, { role, node, customer, work, amountWei, burnedWei })
    return kind === 'work' ? [paid] : [rewardRow(blockNumber, atSeconds, { role, amountWei: burnedWei }), paid]
  })
})
