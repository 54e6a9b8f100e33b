import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as abis from '../abi/index.ts'

const folder = resolve(import.meta.dirname, '../test')
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.sol'))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
const fuzzTests = sources.flatMap((source) =>
  [...source.matchAll(/function testFuzz\w+\([\s\S]*?\n {4}\}\n/g)].map(([body]) => body),
)

/** Errors of OpenZeppelin, which its own tests provoke. */
const foreignErrors = /^(ERC20|ERC1155|SafeERC20|InvalidShortString|StringTooLong|ECDSA|Panic|Error)/

type Entry = { readonly type: string; readonly name?: string; readonly stateMutability?: string }

function entriesOf(abi: unknown): readonly Entry[] {
  return abi as readonly Entry[]
}

const contracts = Object.entries(abis).filter(([name]) => name.endsWith('Abi'))

/** What the tiers of contract tests promise (contracts/README): seen to from the ABI, so that new functions cannot slip by. */
describe('tiers of the contract tests', () => {
  it.each(contracts)('%s: every function that changes state has a fuzz test', (_, abi) => {
    const functions = entriesOf(abi).filter(
      ({ type, stateMutability }) => type === 'function' && stateMutability !== 'view' && stateMutability !== 'pure',
    )
    const without = functions.filter(({ name }) => !fuzzTests.some((body) => new RegExp(`\\b${name}\\(`).test(body)))
    expect(without.map(({ name }) => name)).toEqual([])
  })

  it.each(contracts)('%s: every error of ours is provoked by a test', (_, abi) => {
    const errors = entriesOf(abi).filter(({ type, name = '' }) => type === 'error' && !foreignErrors.test(name))
    const without = errors.filter(({ name }) => !sources.some((source) => source.includes(`.${name}.selector`)))
    expect(without.map(({ name }) => name)).toEqual([])
  })
})
