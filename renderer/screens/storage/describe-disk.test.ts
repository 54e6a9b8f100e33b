import { expect, test } from 'vitest'
import { fakeDiskStatus } from '../../bridge/fake-snapshot.ts'
import { describeMove, describeScrubbing, shownDisks, stateOfDisk, occupancyOf } from './describe-disk.ts'

const intent = { path: null, limitBytes: 100e9, leaving: false, moveTo: null }
const status = fakeDiskStatus(0)
const move = {
  state: 'moving' as const,
  piecesLeft: 9,
  bytesLeft: 2e9,
  bytesMoved: 1e9,
  bytesPerSecond: 50e6,
  endsAtMs: 40_000,
  withoutRoomBytes: 0,
}

test('a disk is shown by what was wanted of it, with what is known of it', () => {
  const other = { ...intent, path: '/media/anna/Archive' }
  expect(shownDisks([intent, other], [status])).toEqual([
    { intent, status },
    { intent: other, status: null },
  ])
  expect(occupancyOf({ intent, status })).toEqual({ text: '37.4 GB of 100 GB used', share: 0.374 })
})

test('a fault is said before that the disk leaves', () => {
  const leaving = { ...intent, leaving: true }
  expect(stateOfDisk({ intent: leaving, status })).toEqual({ text: 'Leaving', tone: 'ember' })
  expect(stateOfDisk({ intent: leaving, status: { ...status, state: 'missing' } }).text).toBe('Not connected')
  expect(stateOfDisk({ intent, status: null }).text).toBe('Not seen yet')
  expect(stateOfDisk({ intent: { ...leaving, lost: true }, status: null }).text).toBe('Given up')
})

test('reading again names a day, or why there is none', () => {
  expect(describeScrubbing({ share: 0.5, readAgainByMs: 86_400_000, bytesPerSecond: 1, late: null })).toContain('50')
  const late = { share: 0.5, readAgainByMs: null, bytesPerSecond: 1, late: 'offTooLong' as const }
  expect(describeScrubbing(late)).toContain('off too long')
})

test('a move says what is left, how fast and until when; a paused one only what is left', () => {
  expect(describeMove(move, 0)).toMatch(/2 GB left, 50 MB\/s, done in/)
  expect(describeMove({ ...move, state: 'paused' }, 0)).toBe('Paused: 2 GB left to move')
})
