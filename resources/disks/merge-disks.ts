import type { Systeminformation } from 'systeminformation'
import type { Disk } from '../inventory.ts'
import type { HomeDisk } from './home-disk.ts'
import { mountOf } from './mount-table.ts'

type FileSystem = Systeminformation.FsSizeData
type Drive = Systeminformation.DiskLayoutData

const networkTypes = /^(nfs|cifs|smb|afp|sshfs|9p|ceph|gluster|webdav|davfs)|^fuse\.(sshfs|rclone|s3fs)/i
const memoryTypes = /^(tmpfs|devtmpfs|ramfs|overlay|squashfs|iso9660|udf|efivarfs|devfs|autofs|proc|sysfs)$/i
/** Boot and recovery partitions are no place for anybody's data; a person would only wonder what they are. */
const smallestWorthShowingBytes = 1 << 30

/**
 * The drive that a partition is on, by name (/dev/nvme0n1p2 is on /dev/nvme0n1). Where names do not tell, as with encrypted
 * volumes, containers or drive letters, a machine with a single drive leaves no doubt.
 */
function driveOf(device: string, drives: readonly Drive[]): Drive | null {
  const named = drives.filter((drive) => drive.device !== '' && device.startsWith(drive.device))
  const longest = named.sort((a, b) => b.device.length - a.device.length)[0]
  return longest ?? (drives.length === 1 ? (drives[0] ?? null) : null)
}

function kindOf(type: string, drive: Drive | null): Disk['kind'] {
  if (networkTypes.test(type)) return 'network'
  if (drive === null) return 'unknown'
  if (/usb/i.test(drive.interfaceType)) return 'removable'
  if (/nvme/i.test(drive.interfaceType) || /nvme/i.test(drive.type)) return 'nvme'
  if (/ssd/i.test(drive.type)) return 'ssd'
  return /^hdd?$/i.test(drive.type) ? 'hdd' : 'unknown'
}

function healthOf(drive: Drive | null): Disk['health'] {
  const status = drive?.smartStatus ?? ''
  if (/^(ok|passed|verified)$/i.test(status)) return 'ok'
  return /fail|pred/i.test(status) ? 'failing' : 'unknown'
}

function modelOf(drive: Drive | null): string | null {
  const name = drive?.name.trim() ?? ''
  return name === '' ? null : name
}

function describe(fileSystem: FileSystem, drives: readonly Drive[]): Disk {
  const drive = networkTypes.test(fileSystem.type) ? null : driveOf(fileSystem.fs, drives)
  return {
    mount: fileSystem.mount,
    fileSystem: fileSystem.type || 'unknown',
    sizeBytes: fileSystem.size,
    freeBytes: Math.max(0, fileSystem.available),
    model: modelOf(drive),
    kind: kindOf(fileSystem.type, drive),
    health: healthOf(drive),
    readOnly: fileSystem.rw === false,
    holdsHome: false,
  }
}

function isWorthShowing(fileSystem: FileSystem): boolean {
  const sane = Number.isFinite(fileSystem.size) && Number.isFinite(fileSystem.available) && fileSystem.mount !== ''
  return sane && fileSystem.size >= smallestWorthShowingBytes && !memoryTypes.test(fileSystem.type)
}

/** The home's entry with what the drives add to it: its own sizes are the exact ones, the rest is filled in. */
function describeHome(home: HomeDisk, match: FileSystem | null, drives: readonly Drive[]): Disk {
  const device = home.device ?? match?.fs ?? ''
  const type = home.disk.fileSystem === 'unknown' ? (match?.type ?? 'unknown') : home.disk.fileSystem
  const drive = networkTypes.test(type) ? null : driveOf(device, drives)
  return {
    ...home.disk,
    mount: match?.mount ?? home.disk.mount,
    fileSystem: type,
    model: modelOf(drive),
    kind: kindOf(type, drive),
    health: healthOf(drive),
  }
}

/**
 * One list of disks out of three answers, any of which may be missing (`null`) or odd. The home's file system is always in it
 * and comes first; pseudo file systems, duplicates of one device and tiny partitions are not in it.
 */
export function mergeDisks(
  home: HomeDisk,
  homePath: string,
  fileSystems: readonly FileSystem[] | null,
  drives: readonly Drive[] | null,
): Disk[] {
  const all = fileSystems ?? []
  const match =
    home.device === null ? mountOf(homePath, all) : (all.find((one) => one.mount === home.disk.mount) ?? null)
  const first = describeHome(home, match, drives ?? [])
  const seen = new Set([match?.fs ?? home.device])
  const others = all.filter((one) => {
    if (one === match || one.mount === first.mount || !isWorthShowing(one) || seen.has(one.fs)) return false
    seen.add(one.fs)
    return true
  })
  return [first, ...others.map((one) => describe(one, drives ?? []))]
}
