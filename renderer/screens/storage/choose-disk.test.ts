import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fakeInventory, fakeStorageOff, fakeSuitability } from '../../bridge/fake-snapshot.ts'
import { clampLimit, diskOptions, initialChoice, minimumLimitBytes, mountOfPath, pathOfChoice } from './choose-disk.ts'

const { disks } = fakeInventory(0)
const options = diskOptions(disks, fakeSuitability())
const untouched = fakeStorageOff().intent
const home = { path: null, limitBytes: null, leaving: false, moveTo: null }
const archive = '/media/anna/Archive'

test('usable disks come first, the home before the others', () => {
  expect(options.map(({ mount, usable }) => [mount, usable])).toEqual([
    ['/', true],
    [archive, true],
    ['/media/anna/STICK', false],
  ])
})

describe('initialChoice', () => {
  test('suggests the home with what main suggests', () => {
    expect(initialChoice(options, untouched)).toEqual({ mount: '/', limitBytes: 100e9 })
  })

  test('shows what is in force', () => {
    const intent = { ...untouched, disks: [{ ...home, path: `${archive}/hearth`, limitBytes: 7e9 }] }
    expect(initialChoice(options, intent)).toEqual({ mount: archive, limitBytes: 7e9 })
  })

  test('is nothing without a usable disk, and has no limit before the disk was measured', () => {
    expect(initialChoice([], untouched)).toBeNull()
    expect(initialChoice(diskOptions(disks, []), untouched)).toEqual({ mount: '/', limitBytes: null })
  })
})

test('a limit always stays between one gigabyte and what the disk allows', () => {
  const [home] = options
  if (home === undefined) throw new Error('no disk')
  fc.assert(
    fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), (limitBytes) => {
      const clamped = clampLimit(home, limitBytes)
      expect(clamped).toBeGreaterThanOrEqual(minimumLimitBytes)
      expect(clamped).toBeLessThanOrEqual(203e9)
      expect(Number.isInteger(clamped)).toBe(true)
    }),
  )
})

describe('pathOfChoice', () => {
  test('is null for the disk of the home and the mount for another', () => {
    expect(pathOfChoice(options, { mount: '/', limitBytes: 1e9 }, untouched)).toBeNull()
    expect(pathOfChoice(options, { mount: archive, limitBytes: 1e9 }, untouched)).toBe(archive)
  })

  test('keeps a folder that was set by other means while its disk stays', () => {
    const intent = { ...untouched, disks: [{ ...home, path: `${archive}/hearth` }] }
    expect(pathOfChoice(options, { mount: archive, limitBytes: 1e9 }, intent)).toBe(`${archive}/hearth`)
    expect(pathOfChoice(options, { mount: '/', limitBytes: 1e9 }, intent)).toBeNull()
  })
})

test('mountOfPath takes the longest mount and never half a name', () => {
  const mounts = [{ mount: '/' }, { mount: '/media/a' }, { mount: 'D:\\' }]
  expect(mountOfPath(mounts, '/media/a/hearth')).toBe('/media/a')
  expect(mountOfPath(mounts, '/media/archive')).toBe('/')
  expect(mountOfPath(mounts, 'D:\\hearth')).toBe('D:\\')
  expect(mountOfPath([{ mount: '/media/a' }], '/home')).toBeNull()
})
