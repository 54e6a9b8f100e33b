import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBelow, mountOf, parseMountTable } from './mount-table.ts'

const table = [
  '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard',
  '40 27 8:17 / /media/My\\040Disk ro,nosuid shared:3 master:1 - ext4 /dev/sdb1 rw',
  '41 27 0:44 / /mnt/share rw - nfs4 server:/export rw',
  'nonsense',
  '',
].join('\n')

describe('parseMountTable', () => {
  it('reads mounts with optional fields, escapes and read-only flags, and skips what it does not understand', () => {
    expect(parseMountTable(table)).toEqual([
      { mount: '/', fileSystem: 'ext4', device: '/dev/vda', readOnly: false },
      { mount: '/media/My Disk', fileSystem: 'ext4', device: '/dev/sdb1', readOnly: true },
      { mount: '/mnt/share', fileSystem: 'nfs4', device: 'server:/export', readOnly: false },
    ])
  })

  it('never throws, whatever the kernel says', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseMountTable(text)))
  })
})

describe('mountOf', () => {
  it('takes the longest mount above a path', () => {
    const mounts = parseMountTable(table)
    expect(mountOf('/media/My Disk/hearth', mounts)?.device).toBe('/dev/sdb1')
    expect(mountOf('/media/My Disks', mounts)?.device).toBe('/dev/vda')
  })

  it('takes the last of several mounts at one place', () => {
    expect(
      mountOf('/a/b', [
        { mount: '/a', n: 1 },
        { mount: '/a', n: 2 },
      ]),
    ).toMatchObject({ n: 2 })
  })

  it('finds only mounts that contain the path', () => {
    const segment = fc.stringMatching(/^[a-z]{1,3}$/)
    const path = fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`)
    fc.assert(
      fc.property(path, fc.array(path.map((mount) => ({ mount }))), (place, mounts) => {
        const found = mountOf(place, mounts)
        const above = mounts.filter((one) => isBelow(place, one.mount))
        expect(found === null).toBe(above.length === 0)
        expect(above.every((one) => one.mount.length <= (found?.mount.length ?? 0))).toBe(true)
      }),
    )
  })
})
