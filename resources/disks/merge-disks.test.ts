import type { Systeminformation } from 'systeminformation'
import { describe, expect, it } from 'vitest'
import type { HomeDisk } from './home-disk.ts'
import { mergeDisks } from './merge-disks.ts'

const home: HomeDisk = {
  device: '/dev/nvme0n1p2',
  disk: {
    mount: '/',
    fileSystem: 'ext4',
    sizeBytes: 500e9,
    freeBytes: 200e9,
    model: null,
    kind: 'unknown',
    health: 'unknown',
    readOnly: false,
    holdsHome: true,
  },
}

function fileSystem(some: Partial<Systeminformation.FsSizeData>): Systeminformation.FsSizeData {
  return {
    fs: '/dev/sda1',
    type: 'ext4',
    size: 2e12,
    used: 1e12,
    available: 9e11,
    use: 50,
    mount: '/data',
    rw: true,
    ...some,
  }
}

function drive(some: Partial<Systeminformation.DiskLayoutData>): Systeminformation.DiskLayoutData {
  return {
    device: '/dev/sda',
    type: 'HD',
    name: 'Big Disk',
    interfaceType: 'SATA',
    smartStatus: 'Ok',
    ...some,
  } as never
}

describe('mergeDisks', () => {
  it('keeps the home when nothing else is known', () => {
    expect(mergeDisks(home, '/home/me', null, null)).toEqual([home.disk])
    expect(mergeDisks(home, '/home/me', [], [])).toEqual([home.disk])
  })

  it('adds model, kind and health from the drive that a partition is on', () => {
    const drives = [
      drive({}),
      drive({
        device: '/dev/nvme0n1',
        type: 'NVMe',
        name: 'Fast ',
        interfaceType: 'PCIe',
        smartStatus: 'Predicted Failure',
      }),
    ]
    const systems = [fileSystem({ fs: '/dev/nvme0n1p2', mount: '/' }), fileSystem({})]
    expect(mergeDisks(home, '/home/me', systems, drives)).toMatchObject([
      { mount: '/', model: 'Fast', kind: 'nvme', health: 'failing', holdsHome: true, freeBytes: 200e9 },
      { mount: '/data', model: 'Big Disk', kind: 'hdd', health: 'ok', holdsHome: false, freeBytes: 9e11 },
    ])
  })

  it('leaves out pseudo file systems, tiny partitions, nonsense and second mounts of one device', () => {
    const systems = [
      fileSystem({ fs: '/dev/nvme0n1p2', mount: '/' }),
      fileSystem({ fs: '/dev/nvme0n1p2', mount: '/var/snap' }),
      fileSystem({ fs: 'tmpfs', type: 'tmpfs', mount: '/tmp' }),
      fileSystem({ fs: '/dev/nvme0n1p1', type: 'vfat', size: 5e8, mount: '/boot/efi' }),
      fileSystem({ fs: '/dev/sdz', size: Number.NaN, mount: '/broken' }),
    ]
    expect(mergeDisks(home, '/home/me', systems, []).map((disk) => disk.mount)).toEqual(['/'])
  })

  it('never calls a network share by the name of a local drive', () => {
    const share = fileSystem({ fs: 'server:/export', type: 'nfs4', mount: '/mnt/share' })
    expect(mergeDisks(home, '/home/me', [share], [drive({})])[1]).toMatchObject({ kind: 'network', model: null })
  })

  it('finds the home by path where the system has no mount table', () => {
    const windows: HomeDisk = { device: null, disk: { ...home.disk, mount: 'C:/', fileSystem: 'unknown' } }
    const systems = [
      fileSystem({ fs: 'C:', type: 'NTFS', mount: 'C:' }),
      fileSystem({ fs: 'D:', type: 'NTFS', mount: 'D:' }),
    ]
    const disks = mergeDisks(windows, 'C:/Users/me', systems, [drive({ type: 'SSD', device: '\\\\.\\PHYSICALDRIVE0' })])
    expect(disks).toMatchObject([
      { mount: 'C:', fileSystem: 'NTFS', kind: 'ssd', holdsHome: true },
      { mount: 'D:', kind: 'ssd', holdsHome: false },
    ])
  })
})
