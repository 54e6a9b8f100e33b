import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const top = resolve(import.meta.dirname, '../../..')

/** The rules of payout, money, stake, seeds, storage and energy: each is there because without it something breaks or someone profits. */
const rules = {
  '1.8': 'the payout: swapped, cancelled by another, claimed to an old one',
  '2.1': 'locks, not pools: a customer drains what he set aside for others',
  '2.2': 'vouchers: replayed, doubled, forged or lost',
  '2.3': 'markets are fixed: somebody else moves escrow',
  '2.4': 'fees are burned: paying oneself farms the emission',
  '2.5': 'no posted roots: somebody posts or changes rewards',
  '2.6': 'the supply: somebody mints',
  '2.7': 'admin powers: a stolen key takes what belongs to others',
  '3.1': 'slashing: who receives a slash makes faults',
  '3.2': 'unbonding: stake leaves before its faults are known',
  '4': 'seeds: drawn again until one pleases',
  '5.1': 'masked pieces: k pieces stand in for the rest, a repairer reads',
  '5.2': 'the tree: something else passes for a leaf, a wrong root is signed',
  '5.3': 'the price floor: work that costs more than it brings',
  '5.4': 'sealed chunks: swapped, cut or moved unnoticed',
  '5.5': 'periods: slashed for sleeping, paid for the past',
  '5.6': 'escrow, removal and leaving: work unpaid, escrow taken',
  '5.7': 'repair: a budget drained, pieces moved that were not lost',
  '5.8': 'spread: one home with two pieces of a segment, homes that fail together',
  '6.1': 'drawn nodes: a customer picks the replicas, or draws until he likes it',
  '6.2': 'commit, then reveal: a result copied in flight, stale or doubled',
  '6.4': 'disputes: half the work, a panel that colludes, a slash that pays',
  '6.5': 'preview and key: silence, a key that does not open, a rejection for nothing',
  '6.6': 'without provision: many open tasks, new homes alone',
  '7.1': 'admitters: more energy sold than a meter can carry',
  '7.2': 'certificates: made of no sun, or of the same sun twice',
  '7.3': 'privacy: a journey tells of a neighbour',
  '7.4': 'orders: replayed, changed, withheld, left out, passed over',
  '7.5': 'shortfall: energy sold that never comes, sums that differ',
} as const

function filesBelow(folder: string, ends: string): string[] {
  return readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ends))
    .map((name) => readFileSync(join(top, folder, name), 'utf8'))
}

const names = [
  ...filesBelow('contracts/test', '.sol').flatMap((text) =>
    [...text.matchAll(/function test(?:Fuzz)?_(\d)_(\d_)?(\w+)\(/g)].map(
      (found) => `${found[1]}${found[2] === undefined ? '' : `.${found[2][0]}`} ${found[3]}`,
    ),
  ),
  ...['roles', 'contracts', 'main', 'e2e'].flatMap((folder) =>
    filesBelow(folder, '.test.ts').flatMap((text) =>
      [...text.matchAll(/\b(?:it|test|describe)(?:\.each\([^)]*\))?\(\s*['"`](\d\.\d:? [^'"`]+)/g)].map((found) =>
        found[1]!.replace(':', ''),
      ),
    ),
  ),
]

describe('each rule that keeps payouts, money, stake, seeds, storage and energy safe', () => {
  it.each(Object.entries(rules))('%s has a test named after an attack on it (%s)', (rule) => {
    expect(names.filter((name) => name.startsWith(`${rule} `))).not.toEqual([])
  })
})
