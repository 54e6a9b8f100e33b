import { expect, test } from 'vitest'
import { weekReasonCodes } from '../../api/earnings.ts'
import { weekInWords } from './week-words.ts'

const wei = '938000000000000000'
const less = { thisWei: '2000000000000000000', lastWei: '3000000000000000000' }

test('every cause that is recorded has its own words, with what it took', () => {
  const values = { gone: 2, came: 1, percent: 20, proofs: 3, wei }
  const reasons = weekReasonCodes.map((code) => ({ code, values }))
  const [head, ...lines] = weekInWords({ week: { ...less, reasons } }, 'PLAY')
  expect(head).toBe('This week 2.000000 PLAY, the week before 3.000000 PLAY. Why less:')
  expect(new Set(lines).size).toBe(weekReasonCodes.length)
  for (const line of lines) expect(line).toMatch(/^ {2}[A-Z].*: 0\.938000 PLAY less\.$/)
  expect(lines.join(' ')).not.toMatch(/\?|undefined/)
})

test('a cause that is newer than this version still shows, by its code', () => {
  const reasons = [{ code: 'fullMoon', values: { wei } }]
  expect(weekInWords({ week: { ...less, reasons } }, 'PLAY')[1]).toBe('  Another cause (fullMoon): 0.938000 PLAY less.')
})

test('a week that brought as much or more asks for no reason, and before two weeks there is nothing to compare', () => {
  const more = { thisWei: '2', lastWei: '1', reasons: [] }
  expect(weekInWords({ week: more }, 'PLAY')).toEqual(['This week 0.000000 PLAY, the week before 0.000000 PLAY.'])
  expect(weekInWords({ week: { ...less, reasons: [] } }, 'PLAY')[0]).toContain('no single cause')
  expect(weekInWords({ week: null }, 'PLAY')[0]).toContain('once there are two weeks')
})
