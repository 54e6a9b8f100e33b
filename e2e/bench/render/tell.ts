import { report, type Figure } from '../storage/report.ts'

let missed = 0

/** Prints a figure of the render bench and remembers whether it missed its target. */
export function tell(figure: Omit<Figure, 'bench'>): void {
  if (report({ bench: 'render', ...figure }) === false) missed++
}

/** How many figures have missed their target so far. */
export function missedFigures(): number {
  return missed
}
