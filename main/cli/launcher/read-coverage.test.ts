import { describe, expect, it } from 'vitest'
import { readCoverage } from './read-coverage.ts'

function table(branches: string): string {
  return [
    'Ran 1 test suite',
    '| File | % Lines | % Statements | % Branches | % Funcs |',
    '+======+',
    `| contracts/src/A.sol | 100.00% (18/18) | 100.00% (19/19) | ${branches} | 100.00% (5/5) |`,
    `| Total | 100.00% (18/18) | 100.00% (19/19) | ${branches} | 100.00% (5/5) |`,
  ].join('\n')
}

describe('coverage of the contracts', () => {
  it('is complete when every figure of every file is', () => {
    expect(readCoverage(table('100.00% (2/2)'))).toEqual({ complete: true, explanation: '' })
  })

  it('names the file and the kind of what no test reaches', () => {
    const verdict = readCoverage(table('50.00% (1/2)'))
    expect(verdict.complete).toBe(false)
    expect(verdict.explanation).toContain('contracts/src/A.sol: 50.00% (1/2) of its branches')
  })

  it('is not complete when no table was printed', () => {
    expect(readCoverage('').complete).toBe(false)
    expect(readCoverage('Error: nothing to compile').complete).toBe(false)
  })
})
