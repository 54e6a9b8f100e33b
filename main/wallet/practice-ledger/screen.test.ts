import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pagesOf, screens } from '../../api/device-pages.ts'
import { practiceScreenSchema } from '../../api/wallet.ts'
import type { PracticeButton } from '../../api/wallet.ts'
import { sentence } from '../testing/practice-device.ts'
import { nextPress } from './auto-press.ts'
import { eventsOf, touchedAt } from './layout.ts'
import { pagesOfRequest, refusalLines } from './review.ts'
import type { Model } from './review.ts'
import { pressOf, screenOf } from './screen.ts'
import type { LedgerView } from './screen.ts'

const models: readonly Model[] = ['touch', 'twoButton']
const account = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const bytes = new TextEncoder().encode(sentence)

function reviewing(model: Model, page = 0): LedgerView {
  const pages = pagesOfRequest({ kind: 'message', path: [], bytes }, account, model)
  return { model, blindSigning: false, locked: false, refusal: false, review: { pages, page } }
}

describe('the screen', () => {
  test.each(models)('of a %s device shows a sentence as the window pages it, then the decision', (model) => {
    const shown = pagesOfRequest({ kind: 'message', path: [], bytes }, account, model)
    const texts = shown.filter(({ kind }) => kind === 'text').map(({ lines }) => lines)
    expect(texts).toEqual(pagesOf(sentence, screens[model]))
    const decisions = shown.slice(texts.length).map(({ kind }) => kind)
    expect(decisions).toEqual(model === 'touch' ? ['decide'] : ['approve', 'reject'])
  })

  test('of a touch device can be refused on each page and signed on the last only', () => {
    const { pages } = reviewing('touch').review!
    for (const [page] of pages.entries()) {
      const { buttons } = screenOf(reviewing('touch', page))
      expect(buttons).toContain('reject')
      expect(buttons.includes('confirm')).toBe(page === pages.length - 1)
      expect(buttons.includes('next')).toBe(page < pages.length - 1)
      expect(buttons.includes('back')).toBe(page > 0)
    }
  })

  test('of a two-button device decides with both buttons, on its last two pages only', () => {
    const { pages } = reviewing('twoButton').review!
    const decisions = pages.map((_, page) => pressOf(reviewing('twoButton', page), 'both'))
    expect(decisions.slice(0, -2).every((press) => press === null)).toBe(true)
    expect(decisions.slice(-2)).toEqual([
      { kind: 'decide', approved: true },
      { kind: 'decide', approved: false },
    ])
  })

  test('buttons of the other kind do nothing, and none do while it is locked', () => {
    const all: readonly PracticeButton[] = ['left', 'right', 'both', 'next', 'back', 'reject', 'confirm']
    for (const model of models) {
      const view = reviewing(model, 1)
      for (const button of all) {
        expect(pressOf(view, button) !== null).toBe(screenOf(view).buttons.includes(button))
        expect(pressOf({ ...view, locked: true }, button)).toBeNull()
      }
    }
    expect(screenOf(reviewing('touch')).buttons).not.toContain('right')
    expect(screenOf(reviewing('twoButton')).buttons).not.toContain('next')
  })

  test('is what the window expects, in every view', () => {
    const view = fc.record({
      model: fc.constantFrom(...models),
      blindSigning: fc.boolean(),
      locked: fc.boolean(),
      refusal: fc.boolean(),
      page: fc.nat({ max: 8 }),
      asked: fc.boolean(),
    })
    fc.assert(
      fc.property(view, ({ page, asked, ...rest }) => {
        const { review } = reviewing(rest.model, page)
        const fits = asked && page < review!.pages.length
        const screen = screenOf({ ...rest, review: fits ? review : null })
        expect(practiceScreenSchema.parse(screen)).toEqual(screen)
        for (const line of screen.lines) expect(line.length).toBeLessThanOrEqual(24)
      }),
    )
  })

  test.each(models)('of a %s device keeps why it refused until it is dismissed', (model) => {
    const view: LedgerView = { model, blindSigning: false, locked: false, refusal: true, review: null }
    expect(screenOf(view).lines).toEqual(refusalLines(model))
    expect(screenOf(view).lines.join(' ')).toContain('cannot be clear-signed')
    expect(pressOf(view, screenOf(view).buttons[0]!)).toEqual({ kind: 'dismiss' })
  })
})

describe('pressing always the same way', () => {
  test.each(models.flatMap((model) => (['approve', 'refuse'] as const).map((decision) => [model, decision] as const)))(
    'a %s device comes to %s',
    (model, decision) => {
      let page = 0
      for (let presses = 0; presses < 30; presses++) {
        const view = reviewing(model, page)
        const press = pressOf(view, nextPress(screenOf(view), decision)!)
        if (press?.kind === 'decide') return expect(press.approved).toBe(decision === 'approve')
        page = press?.kind === 'turn' ? press.page : page
      }
      throw new Error('Nothing was decided.')
    },
  )

  test('presses nothing when nothing is asked', () => {
    const idle = { ...reviewing('touch'), review: null }
    expect(nextPress(screenOf(idle), 'approve')).toBeNull()
    expect(nextPress(screenOf({ ...idle, refusal: true }), 'refuse')).toBeNull()
  })
})

describe('the touch screen', () => {
  test('each word that can be touched does what it says, where its event says it stands', () => {
    const screen = screenOf(reviewing('touch', 1))
    const events = eventsOf(screen)
    const at = (text: string) => {
      const event = events.find((one) => one.text === text)!
      return touchedAt(screen, { x: event.x + event.w / 2, y: event.y + event.h / 2 })
    }
    expect([at('Back'), at('Reject'), at('More')]).toEqual(['back', 'reject', 'next'])
    expect(touchedAt(screen, { x: 10, y: 10 })).toBeNull()
    expect(events.filter(({ clear }) => clear).length).toBe(1)
  })
})
