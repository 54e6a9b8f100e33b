import { describe, expect, it } from 'vitest'
import { explainByAudits, openPeriods } from './explain-misses.ts'

describe('5.5 a customer explains a period without a proof', () => {
  const audit = { period: 7, asked: 8, wrong: 0, silent: 0 }
  it.each([
    ['the provider was silent', [{ ...audit, silent: 8 }], 'silent'],
    [
      'the provider had lost bytes',
      [
        { ...audit, silent: 8 },
        { ...audit, wrong: 1 },
      ],
      'lost',
    ],
    ['the provider answered, so it must know itself', [audit], 'answered'],
    ['nobody asked then', [{ ...audit, period: 6, silent: 8 }], 'unknown'],
  ] as const)('%s', (_name, audits, expected) => {
    expect(explainByAudits(audits, 7)).toBe(expected)
  })

  it('looks back to the last proof or the beginning, and no further than five periods', () => {
    const set = { state: 'active' as const, lastProvenPeriod: 10, firstPeriod: 3 }
    expect(openPeriods(set, 11)).toEqual([])
    expect(openPeriods(set, 13)).toEqual([12, 11])
    expect(openPeriods(set, 100)).toEqual([99, 98, 97, 96, 95])
    expect(openPeriods({ ...set, lastProvenPeriod: null, firstPeriod: 12 }, 14)).toEqual([13, 12])
    expect(openPeriods({ ...set, state: 'ended' }, 20)).toEqual([])
  })
})
