import type { ReactElement } from 'react'
import { t } from '../format/message.ts'
import { Switch } from './switch.tsx'

export type PracticeSettingsProps = {
  readonly blindSigning: boolean
  readonly locked: boolean
  readonly busy: boolean
  readonly onChange: (settings: { readonly blindSigning: boolean; readonly locked: boolean }) => void
}

/** What a person sets on a real device itself: whether it is locked, and whether it may sign what it cannot show. */
export function PracticeSettings({ blindSigning, locked, busy, onChange }: PracticeSettingsProps): ReactElement {
  return (
    <div role="group" aria-label={t('practiceDevice.settings')} className="flex flex-col gap-5">
      <Setting
        label={t('practiceDevice.lock')}
        text={t('practiceDevice.lockText')}
        checked={locked}
        busy={busy}
        onToggle={(on) => onChange({ blindSigning, locked: on })}
      />
      <Setting
        label={t('practiceDevice.blind')}
        text={t('practiceDevice.blindText')}
        checked={blindSigning}
        busy={busy}
        onToggle={(on) => onChange({ blindSigning: on, locked })}
      />
    </div>
  )
}

function Setting(props: {
  label: string
  text: string
  checked: boolean
  busy: boolean
  onToggle: (on: boolean) => void
}): ReactElement {
  return (
    <div className="flex items-start gap-4">
      <Switch label={props.label} checked={props.checked} busy={props.busy} onToggle={props.onToggle} />
      <div className="min-w-0 flex-1">
        <p aria-hidden="true" className="font-medium">
          {props.label}
        </p>
        <p className="mt-0.5 text-sm text-soft">{props.text}</p>
      </div>
    </div>
  )
}
