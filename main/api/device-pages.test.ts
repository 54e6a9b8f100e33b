import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pagesOf, screens, touchScreen, twoButtonScreen } from './device-pages.ts'

/** As in the fixture of the sentences, seen on the vendor's app. */
const claim = [
  'Hearth: claim',
  '12.345678 HRTH',
  'to 0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  'Chain 8453, number 7',
  'Until 2026-12-01 12:00 UTC',
  'Contract 0x5fbdb2315678afecb367f032d93f642f64180aa3',
].join('\n')

const touchFirst = ['Hearth: claim', '12.345678 HRTH', 'to', '0x70997970c51812dc3', 'a010c7d01b50e0d17dc', '79c8']

/** The device begins a line with the space that ended the one before; a page of ours leaves it away. */
const twoButtonPages = [
  ['Hearth: claim', '12.345678 HRTH to', '0x70997970c51812dc'],
  ['3a010c7d01b50e0d17', 'dc79c8 Chain 8453,', 'number 7 Until'],
]

describe('pages of a sentence', () => {
  test('of a touch screen are those that the real app showed', () => {
    expect(pagesOf(claim, touchScreen)[0]).toEqual(touchFirst)
  })

  test('of a two-button screen are those that the real app showed, up to the first date, which it breaks at a dash', () => {
    expect(pagesOf(claim, twoButtonScreen).slice(0, 2)).toEqual(twoButtonPages)
  })

  test('stand in the fixture, where there is one', () => {
    const file = join(process.env['HEARTH_FIXTURES'] ?? '/nowhere', 'sentences', 'README.md')
    const text = existsSync(file) ? readFileSync(file, 'utf8') : claim
    expect(text).toContain(claim)
    if (!existsSync(file)) return
    expect(text).toContain(touchFirst.map((line) => `\`${line}\``).join(' / '))
    for (const line of twoButtonPages.flat().slice(0, 5)) expect(text).toContain(line)
  })

  test.each(['touch', 'twoButton'] as const)('hold every character in its order on a %s screen', (model) => {
    const screen = screens[model]
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~\n]{0,320}$/), (text) => {
        const pages = pagesOf(text, screen)
        expect(pages.flat().join('').replaceAll(' ', '')).toBe(text.replaceAll(/[ \n]/g, ''))
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(screen.lines)
        for (const line of pages.flat()) expect(line.length).toBeLessThanOrEqual(screen.columns)
      }),
    )
  })
})
