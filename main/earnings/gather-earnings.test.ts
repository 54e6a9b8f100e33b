import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openEarningHistory } from '../store/index.ts'
import type { EarningHistory, GatheredRow } from '../store/index.ts'
import { gatherEarnings } from './gather-earnings.ts'
import type { EarningSource } from './gather-earnings.ts'
import { outRow, rewardRow, workRow } from './testing/rows.ts'

let directory: string
let count = 0

type Block = { readonly hash: string; readonly wei: bigint; readonly kind: GatheredRow['kind'] }

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-gather-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** A chain in memory that grows, forks and comes back shorter; block i moves `blocks[i].wei` in one of the four ways. */
function createModelChain() {
  let blocks: Block[] = [{ hash: 'genesis', wei: 0n, kind: 'work' }]
  let unique = 0
  const rowsAt = (blockNumber: number): GatheredRow[] => {
    const { hash, wei, kind } = blocks[blockNumber]!
    if (wei === 0n) return []
    const given = { amountWei: wei, transactionHash: `tx ${hash}` }
    const paid = workRow(blockNumber, blockNumber, given)
    if (kind === 'work') return [paid]
    if (kind === 'reward') return [rewardRow(blockNumber, blockNumber, given), paid]
    return [outRow(blockNumber, blockNumber, { ...given, kind })]
  }
  const all = () => blocks.flatMap((_, blockNumber) => rowsAt(blockNumber))
  const source: EarningSource & { asked: number } = {
    asked: 0,
    latest: async () => ({ blockNumber: blocks.length - 1, blockHash: blocks.at(-1)!.hash, timestampSeconds: 0 }),
    hashAt: async (blockNumber) => blocks[blockNumber]?.hash ?? null,
    dueSeconds: (ofSeconds) => ofSeconds,
    rows: async (from, to) => {
      source.asked += to - from + 1
      return all().filter((event) => event.blockNumber >= from && event.blockNumber <= to)
    },
  }
  return {
    source,
    all,
    mine: (wei: bigint, kind: Block['kind'] = 'work') => void blocks.push({ hash: `block ${unique++}`, wei, kind }),
    dropLast: (number: number) => void (blocks = blocks.slice(0, Math.max(1, blocks.length - number))),
  }
}

/** What a history holds, as it was gathered. */
const kept = (history: EarningHistory) =>
  history.after(null, 1000).map((row) => ({ ...row, atSeconds: row.blockNumber, ofSeconds: undefined }))

const openHistory = () => openEarningHistory(join(directory, `${count++}.sqlite`), 'model')

test('after any growth, fork and loss, payments, rewards, claims and moves into stake are exactly what the chain has', async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('mine' as const),
      wei: fc.bigInt({ min: 0n, max: 3n }),
      moves: fc.constantFrom('work', 'reward', 'claim', 'stake'),
    }),
    fc.record({ kind: fc.constant('drop' as const), number: fc.integer({ min: 1, max: 6 }) }),
    fc.constant({ kind: 'gather' as const }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const chain = createModelChain()
      const history = openHistory()
      for (const action of [...steps, { kind: 'gather' as const }]) {
        if (action.kind === 'mine') chain.mine(action.wei, action.moves)
        else if (action.kind === 'drop') chain.dropLast(action.number)
        else await gatherEarnings(history, chain.source, 0)
      }
      expect(kept(history)).toEqual(chain.all())
      history.close()
    }),
    { numRuns: 60 },
  )
})

test('a second look asks for nothing that is known', async () => {
  const chain = createModelChain()
  const history = openHistory()
  for (let block = 0; block < 20; block++) chain.mine(1n)
  await gatherEarnings(history, chain.source, 0)
  const asked = chain.source.asked
  const generation = history.generation()
  await gatherEarnings(history, chain.source, 0)
  chain.mine(0n)
  await gatherEarnings(history, chain.source, 0)
  expect(chain.source.asked).toBe(asked + 1)
  expect(history.generation()).toBe(generation)
  chain.mine(1n)
  await gatherEarnings(history, chain.source, 0)
  expect(chain.source.asked).toBe(asked + 2)
  history.close()
})

test('a chain that changes while it is read is read again, and given up with words after some tries', async () => {
  const chain = createModelChain()
  chain.mine(1n)
  const history = openHistory()
  const moving: EarningSource = {
    ...chain.source,
    rows: async (from, to) => {
      const found = await chain.source.rows(from, to)
      chain.dropLast(1)
      chain.mine(2n)
      return found
    },
  }
  await expect(gatherEarnings(history, moving, 0)).rejects.toMatchObject({ code: 'CHAIN_UNSTEADY' })
  expect(kept(history)).toEqual([])
  history.close()
})
