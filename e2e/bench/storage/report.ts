/** One measured figure as a line of JSON on standard output. `pass` is null where there is no target. */
export type Figure = {
  /** Name of the bench; 'storage' where nothing is said. */
  readonly bench?: string
  readonly figure: string
  readonly value: number
  readonly unit: string
  /** What the figure must reach: at least for speeds, at most for times, amounts and costs. */
  readonly target?: { readonly atLeast: number } | { readonly atMost: number }
  /** Somebody else's implementation in the same run. */
  readonly peer?: { readonly name: string; readonly value: number }
  readonly details?: Readonly<Record<string, number | string>>
}

/** What runs the bench: the version of Electron, else of Node. */
export const runtime = process.versions['electron']
  ? `electron ${process.versions['electron']}`
  : `node ${process.versions.node}`

/** Prints a figure and says whether it meets its target; null where it has none. */
export function report(figure: Figure): boolean | null {
  const pass = passes(figure)
  process.stdout.write(
    `${JSON.stringify({ bench: 'storage', runtime, ...figure, value: rounded(figure.value), pass })}\n`,
  )
  return pass
}

function passes({ value, target }: Figure): boolean | null {
  if (!target) return null
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost
}

export function rounded(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3))
}

/** Median and 95th percentile of a number of runs, in milliseconds; the first run warms up and does not count. */
export async function measure(
  runs: number,
  work: () => unknown,
): Promise<{ medianMs: number; p95Ms: number; runs: number }> {
  await work()
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const startMs = performance.now()
    await work()
    times.push(performance.now() - startMs)
  }
  times.sort((left, right) => left - right)
  return { medianMs: times[runs >> 1]!, p95Ms: times[Math.min(runs - 1, Math.ceil(runs * 0.95) - 1)]!, runs }
}

/** Millions of bytes a second. */
export function megabytesPerSecond(bytes: number, milliseconds: number): number {
  return bytes / 1000 / milliseconds
}
