import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  describeScrub,
  dueAfterMs,
  leastHoursPerDay,
  mostBytesPerSecond,
  scrubBytesPerSecondRoundedUp,
  scrubWithinMs,
  type ScrubFacts,
} from './plan-scrub.ts'

const hourMs = 3600 * 1000
const dayMs = 24 * hourMs

type Piece = { readonly bytes: number; readAtMs: number }

function factsOf(pieces: readonly Piece[], nowMs: number): ScrubFacts {
  const sum = (some: readonly Piece[]): number => some.reduce((total, piece) => total + piece.bytes, 0)
  return {
    beganAtMs: 0,
    totalBytes: sum(pieces),
    readBytes: 0,
    oldestAtMs: pieces.length === 0 ? null : Math.min(...pieces.map((piece) => piece.readAtMs)),
    dueBytes: sum(pieces.filter((piece) => piece.readAtMs <= nowMs - dueAfterMs)),
    nowMs,
  }
}

/** Lives through days hour by hour as the scrub does; resolves to the longest that any piece was not read. */
function live(
  pieces: Piece[],
  hoursOn: (day: number) => readonly number[],
  days: number,
  leaves: (day: number) => number,
) {
  let longestMs = 0
  let late = false
  for (let hour = 0; hour < days * 24; hour++) {
    const day = Math.floor(hour / 24)
    const nowMs = hour * hourMs
    if (hour % 24 === 0) pieces.splice(0, Math.min(leaves(day), Math.max(0, pieces.length - 1)))
    late ||= describeScrub(factsOf(pieces, nowMs)).late !== null
    if (!hoursOn(day).includes(hour % 24)) continue
    let budget = scrubBytesPerSecondRoundedUp(factsOf(pieces, nowMs)) * 3600
    const due = pieces
      .filter((piece) => piece.readAtMs <= nowMs - dueAfterMs)
      .toSorted((left, right) => left.readAtMs - right.readAtMs)
    for (const piece of due) {
      if (budget < piece.bytes) break
      budget -= piece.bytes
      longestMs = Math.max(longestMs, nowMs + hourMs - piece.readAtMs)
      piece.readAtMs = nowMs + hourMs
    }
  }
  for (const piece of pieces) longestMs = Math.max(longestMs, days * dayMs - piece.readAtMs)
  return { longestMs, late }
}

const hours = (least: number) =>
  fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: least, maxLength: 24 }), {
    minLength: 95,
    maxLength: 95,
  })
/** Up to 600 pieces of 64 MiB to 1 GiB, stored over the month before. */
const store = fc.array(
  fc.record({
    bytes: fc.integer({ min: 64 * 2 ** 20, max: 2 ** 30 }),
    readAtMs: fc.integer({ min: -14 * dayMs, max: 0 }),
  }),
  { minLength: 1, maxLength: 60 },
)

describe('the pace of the scrub', () => {
  it('reads everything within 30 days, whenever the computer is on, as long as it is at least four hours a day', () => {
    fc.assert(
      fc.property(
        store,
        hours(leastHoursPerDay),
        fc.array(fc.nat(2), { minLength: 95, maxLength: 95 }),
        (pieces, on, leaves) => {
          const lived = live(
            structuredClone(pieces),
            (day) => on[day]!,
            95,
            (day) => leaves[day]!,
          )
          expect(lived.longestMs).toBeLessThanOrEqual(scrubWithinMs)
          expect(lived.late).toBe(false)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('otherwise either everything was read, or it says that it was not', () => {
    fc.assert(
      fc.property(store, hours(0), (pieces, on) => {
        const rarely = (day: number): readonly number[] => (day % 9 === 0 ? on[day]!.slice(0, 1) : [])
        const { longestMs, late } = live(structuredClone(pieces), rarely, 95, () => 0)
        expect(late || longestMs <= scrubWithinMs + hourMs).toBe(true)
      }),
      { numRuns: 40 },
    )
    const off = live(
      [{ bytes: 2 ** 30, readAtMs: 0 }],
      () => [],
      40,
      () => 0,
    )
    expect(off.late).toBe(true)
  })

  it('grows with the store and has a bound, beyond which it says that the disk is too large', () => {
    const at = (totalBytes: number) =>
      describeScrub({ beganAtMs: 0, totalBytes, readBytes: 0, oldestAtMs: -15 * dayMs, dueBytes: totalBytes, nowMs: 0 })
    expect(at(2e12).late).toBeNull()
    expect(at(2e12).bytesPerSecond).toBeGreaterThan(at(1e12).bytesPerSecond)
    expect(at(1e14)).toMatchObject({ late: 'diskTooLarge', bytesPerSecond: mostBytesPerSecond, readAgainByMs: null })
  })

  it('rests when nothing is due, and names the day by which all will have been read', () => {
    const facts = { beganAtMs: -5 * dayMs, totalBytes: 1000, readBytes: 400, oldestAtMs: -dayMs, dueBytes: 0, nowMs: 0 }
    expect(describeScrub(facts)).toEqual({ share: 0.4, readAgainByMs: 25 * dayMs, bytesPerSecond: 0, late: null })
  })
})
