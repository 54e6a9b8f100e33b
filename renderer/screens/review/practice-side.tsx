import type { ReactElement } from 'react'
import { PracticeDevice } from '../../components/practice-device.tsx'
import { PracticeSettings } from '../../components/practice-settings.tsx'
import { t } from '../../format/message.ts'
import { runCommand, usePending } from '../../state/commands.ts'
import { useSnapshot } from '../../state/snapshot.ts'

/** The practice Ledger beside the words that it shows, inside the dialog so that both can be used. */
export function PracticeSide(): ReactElement {
  const screen = useSnapshot((snapshot) => snapshot.wallet?.practiceScreen ?? null)
  const busy = usePending('wallet:setPractice')
  if (screen === null) return <p className="max-w-64 text-sm text-soft">{t('practiceDevice.off')}</p>
  return (
    <div className="flex max-w-[23rem] flex-col gap-4">
      <PracticeDevice screen={screen} onPress={(button) => void runCommand('wallet:press', { button })} />
      {screen.model === 'twoButton' && <p className="text-center text-sm text-soft">{t('practiceDevice.howTwo')}</p>}
      <details className="text-sm">
        <summary className="font-medium">{t('practiceDevice.settings')}</summary>
        <div className="mt-3">
          <PracticeSettings
            blindSigning={screen.blindSigning}
            locked={screen.locked}
            busy={busy}
            onChange={(settings) => void runCommand('wallet:setPractice', settings)}
          />
        </div>
      </details>
    </div>
  )
}
