import { useId } from 'react'
import type { CSSProperties, ReactElement } from 'react'
import { formatPercent } from '../format/number.ts'

/** A share that is chosen in steps of five percent, from `least` to 1. */
export function PercentField(props: {
  label: string
  share: number
  least: number
  onChange: (share: number) => void
  text: string
}): ReactElement {
  const id = useId()
  const percent = Math.round(props.share * 100)
  const least = Math.round(props.least * 100)
  const fill = ((percent - least) / (100 - least)) * 100
  return (
    <div>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <label htmlFor={id} className="font-medium">
          {props.label}
        </label>
        <span className="text-lg font-semibold tabular-nums">{formatPercent(props.share)}</span>
      </div>
      <input
        id={id}
        type="range"
        aria-valuetext={formatPercent(props.share)}
        aria-describedby={`${id}-text`}
        min={least}
        max={100}
        step={5}
        value={percent}
        onChange={(event) => props.onChange(Number(event.currentTarget.value) / 100)}
        style={{ '--fill': `${fill}%` } as CSSProperties}
        className="range mt-1"
      />
      <p id={`${id}-text`} className="text-sm text-soft">
        {props.text}
      </p>
    </div>
  )
}
