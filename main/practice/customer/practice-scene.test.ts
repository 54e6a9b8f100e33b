import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkScene } from '../../../roles/render/protocol/scene/check-scene.ts'
import { usualSceneLimits } from '../../../roles/render/protocol/scene-limits.ts'
import { makePracticeScene } from './practice-scene.ts'

describe('the scene of the practice customer', () => {
  test('is one that every home takes, whatever the random numbers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 8, maxLength: 8 }),
        (numbers) => {
          let at = 0
          const scene = makePracticeScene(() => numbers[at++ % numbers.length]!)
          expect(() => checkScene(scene, usualSceneLimits)).not.toThrow()
          expect(scene.length).toBeLessThan(4_096)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('is another one each time, so that no result can be used twice', () => {
    expect(makePracticeScene()).not.toEqual(makePracticeScene())
  })
})
