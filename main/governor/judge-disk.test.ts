import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Disk } from '../api/inventory.ts'
import { suitabilitySchema } from '../api/snapshot.ts'
import { judgeDisk } from './judge-disk.ts'

const gib = 1024 ** 3
const disk: Disk = {
  mount: '/',
  fileSystem: 'ext4',
  sizeBytes: 500 * gib,
  freeBytes: 200 * gib,
  model: null,
  kind: 'ssd',
  health: 'ok',
  readOnly: false,
  holdsHome: true,
}
const fast = { kind: 'measured', bytesPerSecond: 400e6 } as const

describe('the verdict on a disk', () => {
  test('a healthy disk with room is good, and half of its room is suggested', () => {
    expect(judgeDisk(disk, fast, 10 * gib)).toMatchObject({
      verdict: 'good',
      reasons: ['fastWrite', 'roomy'],
      maximumLimitBytes: 190 * gib,
      suggestedLimitBytes: 95 * gib,
    })
  })

  test.each([
    [{ readOnly: true }, fast, 'readOnly'],
    [{}, { kind: 'failed' } as const, 'notWritable'],
    [{ health: 'failing' as const }, fast, 'failing'],
    [{ freeBytes: 10 * gib }, fast, 'littleSpace'],
  ])('%o is unsuitable and says why', (change, measurement, reason) => {
    const verdict = judgeDisk({ ...disk, ...change }, measurement, 10 * gib)
    expect(verdict.verdict).toBe('unsuitable')
    expect(verdict.reasons).toContain(reason)
    expect(verdict.maximumLimitBytes).toBe(0)
  })

  test('a slow disk and a network disk are poor, a removable one fair', () => {
    expect(judgeDisk(disk, { kind: 'measured', bytesPerSecond: 1e6 }, 0).verdict).toBe('poor')
    expect(judgeDisk({ ...disk, kind: 'network' }, fast, 0).verdict).toBe('poor')
    expect(judgeDisk({ ...disk, kind: 'removable' }, fast, 0).verdict).toBe('fair')
  })

  test('limits always leave the reserve', () => {
    const bytes = fc.integer({ min: 0, max: 4000 * gib })
    fc.assert(
      fc.property(bytes, bytes, (freeBytes, reserveBytes) => {
        const verdict = judgeDisk({ ...disk, freeBytes }, null, reserveBytes)
        expect(suitabilitySchema.safeParse(verdict).success).toBe(true)
        expect(verdict.maximumLimitBytes).toBeLessThanOrEqual(Math.max(0, freeBytes - reserveBytes))
        expect(verdict.suggestedLimitBytes).toBeLessThanOrEqual(verdict.maximumLimitBytes)
      }),
    )
  })
})
