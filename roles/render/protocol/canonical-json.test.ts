import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testJob } from '../testing/test-job.ts'
import { canonicalJson, hashSpec } from './canonical-json.ts'

describe('the canonical text of a job', () => {
  it('does not depend on the order in which fields were written, and reads back as the same value', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null))),
        (value) => {
          const turned = Object.fromEntries(Object.entries(value).reverse())
          expect(canonicalJson(turned)).toBe(canonicalJson(value))
          expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
        },
      ),
    )
    expect(canonicalJson({ b: [1, { d: 2, c: 'ä' }], a: null })).toBe('{"a":null,"b":[1,{"c":"ä","d":2}]}')
  })

  it('refuses what JSON has no word for', () => {
    for (const value of [NaN, Infinity, undefined, 1n, () => 1])
      expect(() => canonicalJson({ value })).toThrow(RangeError)
  })

  it('gives every field of a job a part in its hash', () => {
    const hashes = [
      testJob(),
      testJob({ seed: 8 }),
      testJob({ samples: 24 }),
      testJob({ maxBounces: 5 }),
      testJob({ camera: 0 }),
      testJob({ frames: { count: 2, perSecond: 25, startSeconds: 0 } }),
      testJob({ tile: { width: 32, height: 64 } }),
    ].map((job) => Buffer.from(hashSpec(job)).toString('hex'))
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(hashSpec({ ...testJob(), more: 1 } as never)).toEqual(hashSpec(testJob()))
  })
})
