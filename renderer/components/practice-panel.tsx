import type { ReactElement } from 'react'
import { t } from '../format/message.ts'
import { cn } from './cn.ts'
import { PracticeDevice } from './practice-device.tsx'
import type { DeviceButton, DeviceScreen } from './practice-device.tsx'
import { PracticeSettings } from './practice-settings.tsx'

type PracticePanelProps = {
  /** Null while nothing has woken it. */
  readonly screen: (DeviceScreen & { readonly blindSigning: boolean }) | null
  readonly busy: boolean
  readonly onPress: (button: DeviceButton) => void
  readonly onSettings: (settings: { readonly blindSigning: boolean; readonly locked: boolean }) => void
  /** `beside`: a narrow column with the settings folded away; `page`: both side by side. */
  readonly layout: 'beside' | 'page'
}

/** The practice Ledger with what a person sets on a real one itself. */
export function PracticePanel({ screen, busy, onPress, onSettings, layout }: PracticePanelProps): ReactElement {
  if (screen === null) return <p className="max-w-64 text-sm text-soft">{t('practiceDevice.off')}</p>
  const onPage = layout === 'page'
  const settings = (
    <PracticeSettings blindSigning={screen.blindSigning} locked={screen.locked} busy={busy} onChange={onSettings} />
  )
  return (
    <div className={cn(onPage ? 'flex flex-wrap items-start gap-x-10 gap-y-6' : 'flex max-w-[23rem] flex-col gap-4')}>
      <div className="flex max-w-full flex-col gap-2">
        <PracticeDevice
          screen={screen}
          onPress={onPress}
          label={t(onPage ? 'practiceDevice.name' : 'practiceDevice.nameBeside')}
        />
        {screen.model === 'twoButton' && (
          <p className="max-w-64 self-center text-center text-sm text-soft">{t('practiceDevice.howTwo')}</p>
        )}
      </div>
      {onPage ? (
        <div className="min-w-0 flex-1 basis-64">
          <h3 className="mb-4 font-semibold">{t('practiceDevice.settings')}</h3>
          {settings}
        </div>
      ) : (
        <details className="text-sm">
          <summary className="font-medium">{t('practiceDevice.settings')}</summary>
          <div className="mt-3">{settings}</div>
        </details>
      )}
    </div>
  )
}
