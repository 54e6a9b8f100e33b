import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minimumSize, placeWindow } from './window-bounds.ts'

const area = fc.record({
  x: fc.integer({ min: -5000, max: 5000 }),
  y: fc.integer({ min: -3000, max: 3000 }),
  width: fc.integer({ min: 320, max: 6000 }),
  height: fc.integer({ min: 240, max: 4000 }),
})
const state = fc.record({
  x: fc.integer({ min: -20000, max: 20000 }),
  y: fc.integer({ min: -20000, max: 20000 }),
  width: fc.integer({ min: 1, max: 20000 }),
  height: fc.integer({ min: 1, max: 20000 }),
  maximized: fc.boolean(),
})

describe('where the window opens', () => {
  it('lies wholly on one screen, whatever was remembered', () => {
    fc.assert(
      fc.property(fc.option(state), fc.array(area, { minLength: 1, maxLength: 4 }), (remembered, areas) => {
        const placed = placeWindow(remembered, areas)
        const holding = areas.filter(
          (screen) =>
            placed.x >= screen.x &&
            placed.y >= screen.y &&
            placed.x + placed.width <= screen.x + screen.width &&
            placed.y + placed.height <= screen.y + screen.height,
        )
        expect(holding.length).toBeGreaterThan(0)
      }),
    )
  })

  it('stays where it was while that is on a screen', () => {
    const screens = [
      { x: 0, y: 0, width: 1920, height: 1080 },
      { x: 1920, y: 0, width: 2560, height: 1440 },
    ]
    const remembered = { x: 2000, y: 100, width: 1000, height: 800, maximized: true }
    expect(placeWindow(remembered, screens)).toEqual(remembered)
  })

  it('comes back to the first screen when its own is gone', () => {
    const remembered = { x: 2000, y: 100, width: 1000, height: 800, maximized: false }
    const placed = placeWindow(remembered, [{ x: 0, y: 0, width: 1920, height: 1080 }])
    expect(placed).toEqual({ x: 460, y: 140, width: 1000, height: 800, maximized: false })
  })

  it('is never smaller than what the pages need', () => {
    const remembered = { x: 10, y: 10, width: 1, height: 1, maximized: false }
    expect(placeWindow(remembered, [{ x: 0, y: 0, width: 1920, height: 1080 }])).toMatchObject(minimumSize)
  })
})
