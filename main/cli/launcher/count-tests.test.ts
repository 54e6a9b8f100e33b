import { describe, expect, it } from 'vitest'
import { countForge, countPlaywright, countVitest, explainForge, noTests, settleCounts } from './count-tests.ts'

describe('counting tests', () => {
  it('reads the report of forge', () => {
    const report = {
      'contracts/test/A.t.sol:ATest': {
        test_results: { 'testA()': { status: 'Success' }, 'testB()': { status: 'Failure' } },
      },
      'contracts/test/B.t.sol:BTest': {
        test_results: { 'testC()': { status: 'Success' }, 'testD()': { status: 'Skipped' } },
      },
    }
    expect(countForge(`Compiling ...\n${JSON.stringify(report)}\n`)).toEqual({ passed: 2, failed: 1, skipped: 1 })
    expect(countForge('')).toEqual(noTests)
  })

  it('tells which contract tests failed and why, beside what the compiler said', () => {
    const report = { 'A.t.sol:ATest': { test_results: { 'testB()': { status: 'Failure', reason: 'not paid' } } } }
    expect(explainForge(`warning\n${JSON.stringify(report)}\n`)).toBe('warning\nA.t.sol:ATest testB(): not paid')
  })

  it('reads the report of vitest, and counts a file that does not load as a failure', () => {
    const report = {
      testResults: [
        { status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'pending' }] },
        { status: 'failed', assertionResults: [{ status: 'failed' }] },
        { status: 'failed', assertionResults: [] },
      ],
    }
    expect(countVitest(JSON.stringify(report))).toEqual({ passed: 1, failed: 2, skipped: 1 })
  })

  it('reads the report of Playwright and does not forgive a second try', () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 } }
    expect(countPlaywright(JSON.stringify(report))).toEqual({ passed: 5, failed: 2, skipped: 2 })
  })
})

describe('settleCounts', () => {
  it('counts a tool as one test', () => {
    expect(settleCounts(true, null)).toEqual({ passed: 1, failed: 0, skipped: 0 })
    expect(settleCounts(false, null)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('never lets silence look like success', () => {
    expect(settleCounts(true, noTests).failed).toBe(1)
    expect(settleCounts(false, { passed: 9, failed: 0, skipped: 0 })).toEqual({ passed: 9, failed: 1, skipped: 0 })
    expect(settleCounts(false, { passed: 9, failed: 2, skipped: 0 }).failed).toBe(2)
    expect(settleCounts(true, { passed: 9, failed: 0, skipped: 1 }).failed).toBe(0)
  })
})
