import { Meter } from '@base-ui/react/meter'
import type { ReactElement } from 'react'
import { cn } from './cn.ts'

/** How much of something is used: `share` from 0 to 1. Label and text are read together; the bar itself only draws. */
export function MeterBar(props: {
  label: string
  text: string
  share: number
  full?: boolean
  className?: string
}): ReactElement {
  const percent = Math.min(100, Math.max(0, props.share * 100))
  return (
    <Meter.Root
      value={percent}
      aria-label={props.label}
      getAriaValueText={() => props.text}
      className={cn('w-full', props.className)}
    >
      <Meter.Track className="h-2.5 w-full overflow-hidden rounded-full border border-edge/70 bg-raised">
        <Meter.Indicator
          data-fill
          className={cn('h-full rounded-full', props.full === true ? 'bg-rust' : 'bg-ember-fill')}
        />
      </Meter.Track>
    </Meter.Root>
  )
}
