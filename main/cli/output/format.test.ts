import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatBytes, formatTable, formatWei } from './format.ts'

test('bytes are never overstated', () => {
  expect(formatBytes(0)).toBe('0 B')
  expect(formatBytes(1023)).toBe('1023 B')
  expect(formatBytes(1024 ** 2 - 1)).toBe('1023.9 KiB')
  expect(formatBytes(5 * 1024 ** 4)).toBe('5.0 TiB')
  const factors: Record<string, number> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40, PiB: 2 ** 50 }
  fc.assert(
    fc.property(fc.maxSafeNat(), (bytes) => {
      const [value, unit] = formatBytes(bytes).split(' ')
      const shown = Number(value) * factors[unit!]!
      expect(shown).toBeLessThanOrEqual(bytes + 1)
      expect(shown).toBeGreaterThanOrEqual(bytes * 0.9 - 1)
    }),
  )
})

test('tokens are rounded down to a millionth and lose nothing before the point', () => {
  expect(formatWei(1_999_999_999_999_999_999n, 'PLAY')).toBe('1.999999 PLAY')
  expect(formatWei(-1_500_000_000_000_000_000n, 'PLAY')).toBe('-1.500000 PLAY')
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 27n }), (wei) => {
      const [whole, part] = formatWei(wei, 'X').split(' ')[0]!.split('.')
      const shown = (BigInt(whole!) * 1_000_000n + BigInt(part!)) * 10n ** 12n
      expect(shown <= wei && wei - shown < 10n ** 12n).toBe(true)
    }),
  )
})

test('columns line up and have no trailing spaces', () => {
  expect(
    formatTable(
      ['A', 'B'],
      [
        ['long cell', 'x'],
        ['y', ''],
      ],
    ),
  ).toEqual(['A          B', 'long cell  x', 'y'])
})
