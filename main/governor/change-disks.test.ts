import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DiskStatus } from '../../roles/api/disks.ts'
import type { DiskChange } from '../api/disk-change.ts'
import { roleIntentSchema, untouchedIntent, type RoleIntent } from '../api/settings.ts'
import { changeDisks, dropEmptyDisks } from './change-disks.ts'

const disk = (path: string | null) => ({ path, limitBytes: null, leaving: false, moveTo: null })
const two: RoleIntent = { ...untouchedIntent, disks: [disk(null), disk('/big')] }

function status(path: string | null, change: Partial<DiskStatus> = {}): DiskStatus {
  return {
    path,
    folder: `${path}/hearth`,
    state: 'ready',
    pieces: 0,
    usedBytes: 0,
    reservedBytes: 0,
    freeBytes: 1e12,
    limitBytes: null,
    roomBytes: 1e12,
    leaving: false,
    usage: null,
    writeBytesPerSecond: null,
    latencyMs: null,
    move: null,
    scrub: null,
    ...change,
  }
}

describe('the disks of storage', () => {
  test('a settings file from before there could be several reads as one disk', () => {
    const { disks: _disks, movesPaused: _paused, ...rest } = untouchedIntent
    const former = { ...rest, diskPath: '/old', diskLimitBytes: 5 }
    expect(roleIntentSchema.parse(former).disks).toEqual([{ ...disk('/old'), limitBytes: 5 }])
  })

  test('can be added once, get another limit, and be taken back while they leave', () => {
    const added = changeDisks(untouchedIntent, { kind: 'add', path: '/big', limitBytes: 7 }, [])
    expect(added.disks).toEqual([disk(null), { ...disk('/big'), limitBytes: 7 }])
    expect(() => changeDisks(added, { kind: 'add', path: '/big', limitBytes: 7 }, [])).toThrow('in use already')
    const left = changeDisks(added, { kind: 'remove', path: null }, [status(null), status('/big')])
    expect(left.disks[0]).toMatchObject({ path: null, leaving: true })
    expect(changeDisks(left, { kind: 'keep', path: null }, []).disks[0]).toEqual(disk(null))
    expect(changeDisks(added, { kind: 'limit', path: '/big', limitBytes: 3 }, []).disks[1]?.limitBytes).toBe(3)
  })

  test('a move adds its target with the limit of the disk that leaves', () => {
    const one: RoleIntent = { ...untouchedIntent, disks: [{ ...disk('/small'), limitBytes: 9 }] }
    const moved = changeDisks(one, { kind: 'move', path: '/small', to: null }, [status('/small', { pieces: 3 })])
    expect(moved.disks).toEqual([
      { path: '/small', limitBytes: 9, leaving: true, moveTo: 'home' },
      { ...disk(null), limitBytes: 9 },
    ])
  })

  test.each<[string, DiskChange, readonly DiskStatus[], RegExp]>([
    ['the only disk', { kind: 'remove', path: '/big' }, [], /only disk/],
    [
      'a disk that is away with pieces on it',
      { kind: 'remove', path: null },
      [status(null, { state: 'missing', pieces: 4, usedBytes: 2e9 }), status('/big')],
      /4 pieces \(2.0 GB\) on it would be lost/,
    ],
    [
      'more than the others have room for',
      { kind: 'remove', path: null },
      [status(null, { pieces: 40, usedBytes: 9e9 }), status('/big', { roomBytes: 1e9 })],
      /holds 40 pieces \(9.0 GB\), the other disks have room for 1.0 GB/,
    ],
  ])('a removal that would lose pieces is refused and explained: %s', (_name, change, statuses, words) => {
    const intent = statuses.length === 0 ? { ...two, disks: [disk('/big')] } : two
    expect(() => changeDisks(intent, change, statuses)).toThrow(words)
  })

  test('an empty disk that was leaving goes from the list, and never the last one', () => {
    const leaving: RoleIntent = { ...two, disks: [{ ...disk(null), leaving: true }, disk('/big')] }
    expect(dropEmptyDisks(leaving, [status(null, { leaving: true, pieces: 1 })])).toBe(leaving)
    expect(dropEmptyDisks(leaving, [status(null, { leaving: true, reservedBytes: 1 })])).toBe(leaving)
    expect(dropEmptyDisks(leaving, [status(null)])).toBe(leaving)
    expect(dropEmptyDisks(leaving, [status(null, { leaving: true })]).disks).toEqual([disk('/big')])
    const last: RoleIntent = { ...two, disks: [{ ...disk(null), leaving: true }] }
    expect(dropEmptyDisks(last, [status(null, { leaving: true })])).toBe(last)
  })

  test('a disk that never comes back can be given up, and goes from the list once the worker has done so', () => {
    const away = [status(null), status('/big', { state: 'missing', pieces: 4 })]
    const lose = { kind: 'lose', path: '/big' } as const
    const lost = changeDisks(two, lose, away)
    expect(lost.disks[1]).toEqual({ ...disk('/big'), leaving: true, lost: true })
    expect(changeDisks(lost, { kind: 'keep', path: '/big' }, away).disks).toEqual(two.disks)
    expect(dropEmptyDisks(lost, away)).toBe(lost)
    expect(dropEmptyDisks(lost, [])).toBe(lost)
    expect(dropEmptyDisks(lost, [status(null)]).disks).toEqual([disk(null)])
  })

  test.each([
    ['one that is connected', two, [status('/big')], /is connected/],
    ['one that is only full', two, [status('/big', { state: 'full' })], /is connected/],
    ['the only one', { ...two, disks: [disk('/big')] }, [status('/big', { state: 'missing' })], /only disk/],
  ])('a disk is not given up while its pieces can be saved: %s', (_name, intent, statuses, words) => {
    expect(() => changeDisks(intent, { kind: 'lose', path: '/big' }, statuses)).toThrow(words)
  })

  test('whatever is done, one disk stays that is not leaving, and no path stands twice', () => {
    const path = fc.constantFrom(null, '/big', '/fast')
    const change: fc.Arbitrary<DiskChange> = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), path, limitBytes: fc.constantFrom(null, 5) }),
      fc.record({ kind: fc.constant('limit' as const), path, limitBytes: fc.constantFrom(null, 5) }),
      fc.record({ kind: fc.constant('move' as const), path, to: path }),
      fc.record({ kind: fc.constant('remove' as const), path }),
      fc.record({ kind: fc.constant('keep' as const), path }),
      fc.record({ kind: fc.constant('lose' as const), path }),
    )
    const statuses = [null, '/big', '/fast'].map((each) => status(each, { leaving: true, state: 'missing' }))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        let intent = untouchedIntent
        for (const next of changes) {
          try {
            intent = dropEmptyDisks(changeDisks(intent, next, statuses), statuses)
          } catch (error) {
            expect(error).toMatchObject({ name: 'DiskChangeError' })
          }
          expect(intent.disks.some((each) => !each.leaving)).toBe(true)
          expect(new Set(intent.disks.map((each) => each.path)).size).toBe(intent.disks.length)
        }
      }),
    )
  })
})
