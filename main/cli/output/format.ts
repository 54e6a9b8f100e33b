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
