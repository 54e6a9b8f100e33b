import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reasonBounds } from '../../../roles/storage/protocol/reputation.ts'
import { missCauseSchema } from '../../../roles/api/messages.ts'
import { hasMessage, t } from '../../format/message.ts'
import { levelOf, movingReasons, tipsFor, type Reputation } from './improve-reputation.ts'

const good: Reputation = {
  score: 58,
  reasons: [
    { name: 'age', points: 0 },
    { name: 'speed', points: 1 },
    { name: 'proofs', points: 7 },
  ],
  proven: 9,
  missed: 0,
  void: 1,
  lastMissCause: null,
  audits: { count: 2, asked: 16, right: 16 },
  servedBytesPerSecond: 1e6,
}

describe('a reputation in words', () => {
  it('has a sentence for every reason and every cause that a worker can tell', () => {
    for (const name of Object.keys(reasonBounds))
      expect([name, hasMessage(`reputation.reason.${name}`)]).toEqual([name, true])
    for (const cause of missCauseSchema.options) {
      expect([cause, hasMessage(`reputation.tip.${cause}`)]).toEqual([cause, true])
      const values = { periods: 1, cause }
      expect(t('activity.event.periodMissed', values)).not.toMatch(/[{}]/)
    }
    expect(t('reputation.points', { points: 7.2 })).toBe('+7.2')
    expect(t('reputation.points', { points: -3 })).toBe('-3.0')
  })

  it('reads well while nothing is known', () => {
    expect(t('reputation.fact.auditsValue', { count: 0, asked: 0, right: 0 })).toBe('None yet')
    expect(t('reputation.fact.auditsValue', good.audits)).toBe('16 of 16')
    expect(t('held.whom', { customers: 1, pieces: 2 })).toMatch(/^One customer keeps 2 pieces with you/)
  })

  it('shows what moved it, the heaviest first', () => {
    expect(movingReasons(good).map(({ name }) => name)).toEqual(['proofs', 'speed'])
  })

  it('says what would help: the cause of the last miss, failed checks, else time', () => {
    expect(tipsFor(good)).toEqual(['reputation.tip.time'])
    const bad: Reputation = { ...good, missed: 2, lastMissCause: 'asleep', audits: { count: 1, asked: 8, right: 0 } }
    expect(tipsFor(bad)).toEqual(['reputation.tip.asleep', 'reputation.tip.audits'])
  })

  it('calls a newcomer fair, and never a lower score better', () => {
    expect(levelOf(50)).toBe('fair')
    const order = ['poor', 'fair', 'good']
    const score = fc.double({ min: 0, max: 100, noNaN: true })
    fc.assert(
      fc.property(score, score, (left, right) => {
        const [low, high] = [Math.min(left, right), Math.max(left, right)]
        expect(order.indexOf(levelOf(low))).toBeLessThanOrEqual(order.indexOf(levelOf(high)))
      }),
    )
  })
})
