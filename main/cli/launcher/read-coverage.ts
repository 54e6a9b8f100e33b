/** What `forge coverage` printed, judged: every file of the contracts must be covered whole. */
export type CoverageVerdict = { readonly complete: boolean; readonly explanation: string }

const kinds = ['lines', 'statements', 'branches', 'functions'] as const

/**
 * Reads the table of `forge coverage`. Complete means 100 % of lines, statements, branches and functions in every row; no
 * table at all, or one without the total, is incomplete, since the tool ends with 0 in that case too.
 */
export function readCoverage(output: string): CoverageVerdict {
  const rows = output
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length >= 6 && /^\d+\.\d+% \(\d+\/\d+\)$/.test(cells[2] ?? ''))
  if (!rows.some((cells) => cells[1] === 'Total'))
    return { complete: false, explanation: 'No table of coverage was printed.' }
  const gaps = rows.flatMap((cells) =>
    kinds
      .map((kind, index) => ({ kind, figure: cells[index + 2] ?? '' }))
      .filter(({ figure }) => !figure.startsWith('100.00%'))
      .map(({ kind, figure }) => `${cells[1]}: ${figure} of its ${kind}`),
  )
  return { complete: gaps.length === 0, explanation: gaps.join('\n') }
}
