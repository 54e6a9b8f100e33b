import type { Month } from './simulate.ts'

/** Costs of the work of a network, for curves over its months. */
export type CurveScale = {
  readonly files: number
  readonly k: number
  readonly n: number
  readonly proofGas: number
  readonly addPieceGas: number
  /** Providers that send at least one transaction a day, and how many sets one transaction proves. */
  readonly providers: number
  readonly setsPerTransaction: number
}

/** One point of the curves. Traffic is in bytes moved a month per byte stored; a file's size cancels out. */
export type CurvePoint = {
  readonly month: number
  readonly filesLostSoFar: number
  readonly repairs: number
  readonly trafficPerByte: number
  readonly transactionsPerDay: number
  readonly billionGasPerDay: number
}

/** The year as curves: durability, repair traffic, transactions and gas a day. */
export function curvesOf(months: readonly Month[], scale: CurveScale): CurvePoint[] {
  let filesLostSoFar = 0
  return months.map((month, index) => {
    filesLostSoFar += month.lost
    const [sets, repairs] = [month.provenSetDays / month.days, month.repairs / month.days]
    const proving = scale.providers * Math.ceil(sets / scale.providers / scale.setsPerTransaction)
    const moved = (month.repairs * scale.k + month.piecesMade) / scale.k
    return {
      month: index + 1,
      filesLostSoFar,
      repairs: month.repairs,
      trafficPerByte: Number(((moved / scale.files) * (30 / month.days)).toPrecision(3)),
      transactionsPerDay: Math.round(proving + repairs * scale.n),
      billionGasPerDay: Number(((sets * scale.proofGas + repairs * scale.n * scale.addPieceGas) / 1e9).toPrecision(4)),
    }
  })
}

/** The points as a chart for people: a bar for each month, the longest as wide as `width`. */
export function chart(title: string, values: readonly number[], width = 48): string {
  const most = Math.max(...values, Number.MIN_VALUE)
  const rows = values.map((value, index) => {
    const bar = '#'.repeat(Math.round((value / most) * width))
    return `  ${String(index + 1).padStart(2)} ${bar.padEnd(width)} ${value}`
  })
  return [title, ...rows].join('\n')
}
