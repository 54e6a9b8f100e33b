import { expect, test } from 'vitest'
import { spanInWords } from './span.ts'

test('names days, and minutes below a day', () => {
  expect(spanInWords(30 * 86_400_000)).toBe('30 days')
  expect(spanInWords(86_400_000)).toBe('1 day')
  expect(spanInWords(900_000)).toBe('15 minutes')
})
