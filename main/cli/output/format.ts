const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** Bytes for a person, binary units, rounded down to one digit after the point, so that free space is never overstated. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024
    unit++
  }
  return unit === 0 ? `${value} B` : `${(Math.floor(value * 10) / 10).toFixed(1)} ${byteUnits[unit]}`
}

/** Wei as tokens, rounded down to six digits, with the symbol: what is shown is never more than what is there. */
export function formatWei(wei: bigint, symbol: string): string {
  const sign = wei < 0n ? '-' : ''
  const micro = (wei < 0n ? -wei : wei) / 10n ** 12n
  return `${sign}${micro / 1_000_000n}.${(micro % 1_000_000n).toString().padStart(6, '0')} ${symbol}`
}

/** A moment in seconds since 1970 as date and time of day, UTC. */
export function formatDate(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Rows as aligned columns. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

/** How long ago a moment was, for a person. */
export function formatAgo(atSeconds: number, nowSeconds: number = Date.now() / 1000): string {
  const minutes = Math.max(0, Math.floor((nowSeconds - atSeconds) / 60))
  if (minutes < 2) return 'just now'
  if (minutes < 120) return `${minutes} minutes ago`
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} hours ago`
  return `${Math.floor(minutes / (24 * 60))} days ago`
}

/** A span of time, rounded to what a person wants to know. */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3600)} h`
}
