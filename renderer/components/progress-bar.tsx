import { Progress } from '@base-ui/react/progress'
import type { ReactElement } from 'react'

/** Progress of something with a known number of steps. */
export function ProgressBar({ label, done, total }: { label: string; done: number; total: number }): ReactElement {
  return (
    <Progress.Root value={done} max={Math.max(1, total)} aria-label={label} className="w-full">
      <Progress.Track className="h-2.5 w-full overflow-hidden rounded-full border border-cream-soft/60 bg-hearth-line">
        <Progress.Indicator data-fill className="h-full rounded-full bg-[#f07a35] transition-all duration-500" />
      </Progress.Track>
    </Progress.Root>
  )
}
