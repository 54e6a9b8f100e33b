import { Switch as BaseSwitch } from '@base-ui/react/switch'
import type { ReactElement } from 'react'

/** An on/off switch that asks its owner; it moves only when the owner's state does. */
export function Switch(props: {
  label: string
  checked: boolean
  busy?: boolean
  disabled?: boolean
  onToggle: (on: boolean) => void
}): ReactElement {
  return (
    <BaseSwitch.Root
      data-fill
      aria-label={props.label}
      aria-busy={props.busy === true || undefined}
      disabled={props.disabled ?? false}
      checked={props.checked}
      onCheckedChange={(on) => {
        if (props.busy !== true) props.onToggle(on)
      }}
      className="group inline-flex h-11 w-[4.75rem] items-center rounded-full border-2 border-edge bg-raised p-1 transition-colors data-[checked]:border-ember-fill data-[checked]:bg-ember-fill data-[disabled]:opacity-60"
    >
      <BaseSwitch.Thumb
        data-fill
        className="size-8 rounded-full bg-edge transition-transform duration-200 data-[checked]:translate-x-8 data-[checked]:bg-on-ember"
      />
    </BaseSwitch.Root>
  )
}
