import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import type { ReactElement, ReactNode } from 'react'
import { cn } from './cn.ts'

export type RadioCard<V extends string> = {
  readonly value: V
  readonly title: string
  readonly text?: ReactNode
  readonly disabled?: boolean
}

/** One choice out of a few, each with room for a line of explanation. */
export function RadioCards<V extends string>(props: {
  label: string
  value: V
  onChoose: (value: V) => void
  options: readonly RadioCard<V>[]
  className?: string
}): ReactElement {
  return (
    <RadioGroup
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => props.onChoose(value as V)}
      className={cn('grid gap-3', props.className)}
    >
      {props.options.map((option) => (
        <RadioCardItem key={option.value} option={option} />
      ))}
    </RadioGroup>
  )
}

function RadioCardItem<V extends string>({ option }: { option: RadioCard<V> }): ReactElement {
  return (
    <label
      className={cn(
        'flex min-h-14 items-start gap-3 rounded-2xl border border-edge/50 bg-surface p-4 transition-colors hover:bg-raised has-[[data-checked]]:border-ember-fill has-[[data-checked]]:bg-glow',
        option.disabled === true && 'opacity-70',
      )}
    >
      <Radio.Root
        value={option.value}
        disabled={option.disabled ?? false}
        className="mt-px flex size-6 shrink-0 items-center justify-center rounded-full border-2 border-edge bg-surface data-[checked]:border-ember-fill"
      >
        <Radio.Indicator data-fill className="size-3 rounded-full bg-ember-fill" />
      </Radio.Root>
      <span className="min-w-0 flex-1">
        <span className="block font-medium wrap-anywhere">{option.title}</span>
        {option.text !== undefined && <span className="block text-sm text-soft">{option.text}</span>}
      </span>
    </label>
  )
}
