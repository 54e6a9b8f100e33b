import { useState } from 'react'
import type { ReactElement } from 'react'
import { cn } from './cn.ts'

export type Bar = {
  readonly key: string
  /** Height from 0 to 1. */
  readonly share: number
  /** What the bar says when pointed at, such as "March 4: 1.20 PLAY". */
  readonly text: string
}

/**
 * Bars over equal steps. The picture has one description; every value is in the twin in words that its owner puts beside it.
 * Positions are percentages, so that it fits any width without measuring.
 */
export function BarChart(props: {
  description: string
  bars: readonly Bar[]
  firstLabel: string
  lastLabel: string
  hint: string
  className?: string
}): ReactElement {
  const [pointed, setPointed] = useState<string | null>(null)
  const step = 100 / Math.max(1, props.bars.length)
  return (
    <figure>
      <svg
        role="img"
        aria-label={props.description}
        className={cn('block h-44 w-full overflow-visible', props.className)}
        onPointerLeave={() => setPointed(null)}
      >
        {[0, 50, 100].map((y) => (
          <line
            key={y}
            x1="0"
            x2="100%"
            y1={`${y}%`}
            y2={`${y}%`}
            className="stroke-line"
            strokeDasharray={y === 100 ? undefined : '2 5'}
          />
        ))}
        {props.bars.map((bar, index) => (
          <ChartBar key={bar.key} bar={bar} x={index * step} step={step} onPoint={setPointed} />
        ))}
      </svg>
      <figcaption className="mt-2 flex justify-between gap-4 text-sm text-soft tabular-nums" aria-hidden="true">
        <span>{props.firstLabel}</span>
        <span className="text-ink">{pointed ?? props.hint}</span>
        <span>{props.lastLabel}</span>
      </figcaption>
    </figure>
  )
}

function ChartBar(props: { bar: Bar; x: number; step: number; onPoint: (text: string) => void }): ReactElement {
  const height = Math.max(props.bar.share * 100, props.bar.share > 0 ? 2 : 0)
  return (
    <g className="group" onPointerEnter={() => props.onPoint(props.bar.text)}>
      <rect x={`${props.x}%`} width={`${props.step}%`} y="0" height="100%" className="fill-transparent" />
      <rect
        x={`${props.x + props.step * 0.16}%`}
        width={`${props.step * 0.68}%`}
        y={`${100 - height}%`}
        height={`${height}%`}
        rx="3"
        data-fill
        className="fill-ember-fill transition-opacity group-hover:opacity-75"
      />
    </g>
  )
}
