import { bytesPerGigabyte } from '../../format/number.ts'
import type { Disk, RoleView, Suitability } from '../../state/snapshot.ts'

/** Less than this is not worth a customer's while. */
export const minimumLimitBytes = bytesPerGigabyte

export type DiskOption = {
  readonly mount: string
  readonly disk: Disk
  /** Null until the disk was measured. */
  readonly suitability: Suitability | null
  readonly usable: boolean
}

/** What a person chose: a disk by its mount, and how much of it; a null limit leaves it to the reserve alone. */
export type DiskChoice = { readonly mount: string; readonly limitBytes: number | null }

/** The disks to choose from, the home's first, then by free space. */
export function diskOptions(disks: readonly Disk[], suitability: readonly Suitability[]): readonly DiskOption[] {
  return disks
    .map((disk) => toOption(disk, suitability.find(({ mount }) => mount === disk.mount) ?? null))
    .toSorted((left, right) => rank(right) - rank(left))
}

/** The disk that the intent names, else the home's, else the first that can be used; with its limit in force or suggested. */
export function initialChoice(options: readonly DiskOption[], intent: RoleView['intent']): DiskChoice | null {
  const [first] = intent.disks
  const path = first?.path ?? null
  const named = path === null ? null : mountOfPath(options, path)
  const home = options.find((option) => option.disk.holdsHome && option.usable)
  const option = options.find(({ mount }) => mount === named) ?? home ?? options.find(({ usable }) => usable)
  if (option === undefined) return null
  return { mount: option.mount, limitBytes: clampLimit(option, first?.limitBytes ?? suggestedLimit(option)) }
}

/** The limit brought into what the disk allows; unmeasured disks keep what is asked. */
export function clampLimit(option: DiskOption, limitBytes: number | null): number | null {
  if (option.suitability === null || limitBytes === null) return limitBytes
  const maximum = Math.max(minimumLimitBytes, option.suitability.maximumLimitBytes)
  return Math.min(maximum, Math.max(minimumLimitBytes, Math.round(limitBytes)))
}

/** What main suggests for a disk, in whole gigabytes where there is room for one; null before it was measured. */
export function suggestedLimit(option: DiskOption): number | null {
  if (option.suitability === null) return null
  const gigabytes = Math.floor(option.suitability.suggestedLimitBytes / bytesPerGigabyte)
  return Math.max(1, gigabytes) * bytesPerGigabyte
}

/** The path to store: the one already set while its disk stays, null for the home's own disk, else the chosen disk. */
export function pathOfChoice(
  options: readonly DiskOption[],
  choice: DiskChoice,
  intent: RoleView['intent'],
): string | null {
  const path = intent.disks[0]?.path ?? null
  if (path !== null && mountOfPath(options, path) === choice.mount) return path
  const option = options.find(({ mount }) => mount === choice.mount)
  return option === undefined || option.disk.holdsHome ? null : option.mount
}

/** The longest mount that holds a path; both kinds of slash count as a border. */
export function mountOfPath(options: readonly { readonly mount: string }[], path: string): string | null {
  const holding = options.map(({ mount }) => mount).filter((mount) => isWithin(path, mount))
  return holding.toSorted((left, right) => right.length - left.length)[0] ?? null
}

function isWithin(path: string, mount: string): boolean {
  if (path === mount) return true
  const prefix = /[\\/]$/.test(mount) ? mount : `${mount}${mount.includes('\\') ? '\\' : '/'}`
  return path.startsWith(prefix)
}

function toOption(disk: Disk, suitability: Suitability | null): DiskOption {
  const fits =
    suitability === null || (suitability.verdict !== 'unsuitable' && suitability.maximumLimitBytes >= minimumLimitBytes)
  return { mount: disk.mount, disk, suitability, usable: fits && !disk.readOnly }
}

function rank(option: DiskOption): number {
  return (option.usable ? 2e18 : 0) + (option.disk.holdsHome ? 1e18 : 0) + option.disk.freeBytes
}
