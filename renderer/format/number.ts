import { numberFormat } from './cached.ts'

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const
const bitUnits = ['bit', 'kilobit', 'megabit', 'gigabit', 'terabit'] as const

/** Decimal units as disk makers print them: 1 GB = 10^9 bytes. */
export const bytesPerGigabyte = 1e9

/** A whole number with the locale's grouping. */
export function formatCount(value: number): string {
  return numberFormat({ maximumFractionDigits: 0 }).format(value)
}

/** A share from 0 to 1 as whole percent. */
export function formatPercent(share: number): string {
  return numberFormat({ style: 'percent', maximumFractionDigits: 0 }).format(share)
}

/** A measured speed of any size with two or three digits of interest. */
export function formatScore(value: number): string {
  return numberFormat({ maximumSignificantDigits: value >= 100 ? 3 : 2 }).format(value)
}

/** A number of bytes in the largest decimal unit that keeps it at 1 or more, with at most three digits of interest. */
export function formatBytes(bytes: number): string {
  const { value, unit } = scaleToUnit(bytes, byteUnits)
  return formatUnit(value, unit)
}

/** Memory chips come in powers of two and are sold as "GB" all the same: 32 * 2^30 bytes read as 32 GB, as on the box. */
export function formatMemory(bytes: number): string {
  return formatUnit(bytes / 1024 ** 3, 'gigabyte')
}

/** A speed of a disk, from bytes per second. */
export function formatBytesPerSecond(bytesPerSecond: number): string {
  const { value, unit } = scaleToUnit(bytesPerSecond, byteUnits)
  return formatUnit(value, `${unit}-per-second`)
}

/** A speed of a network link, from bits per second, as makers print it. */
export function formatBitsPerSecond(bitsPerSecond: number): string {
  const { value, unit } = scaleToUnit(bitsPerSecond, bitUnits)
  return formatUnit(value, `${unit}-per-second`)
}

/** Largest decimal unit in which the rounded value stays below 1000. */
export function scaleToUnit<U extends string>(amount: number, units: readonly U[]): { value: number; unit: U } {
  const magnitude = Math.abs(amount)
  const fits = units.findIndex((_, index) => roundForDisplay(magnitude / 1000 ** index) < 1000)
  const index = fits === -1 ? units.length - 1 : fits
  return { value: amount / 1000 ** index, unit: units[index] as U }
}

function formatUnit(value: number, unit: string): string {
  return numberFormat({
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: fractionDigits(Math.abs(value)),
  }).format(value)
}

function roundForDisplay(value: number): number {
  return Number(value.toFixed(fractionDigits(value)))
}

function fractionDigits(value: number): number {
  if (value >= 100 || Number.isInteger(value)) return 0
  return value >= 10 ? 1 : 2
}
