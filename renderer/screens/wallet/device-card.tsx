import type { ReactElement } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { DeviceWords } from '../../components/device-words.tsx'
import { PracticeDevice } from '../../components/practice-device.tsx'
import { PracticeSettings } from '../../components/practice-settings.tsx'
import { describeDevice } from '../../format/device.ts'
import { t } from '../../format/message.ts'
import { runCommand, usePending } from '../../state/commands.ts'
import type { PracticeScreen, WalletView } from '../../state/snapshot.ts'

/** Whether the device would answer, and what to do when it would not; the practice Ledger itself when that is chosen. */
export function DeviceCard({ wallet }: { wallet: WalletView }): ReactElement | null {
  const checking = usePending('wallet:check')
  if (wallet.choice.kind === 'practiceKey') return null
  const { checkAgain } = describeDevice(wallet.state)
  const mark = wallet.hardware ? (
    <Badge tone="good">{t('wallet.device.hardware')}</Badge>
  ) : (
    <Badge tone="warning">{t('review.notHardware')}</Badge>
  )
  return (
    <Card heading={t('wallet.device.heading')} aside={mark}>
      <DeviceWords state={wallet.state}>
        {checkAgain && (
          <Button pending={checking} onClick={() => void runCommand('wallet:check', undefined)}>
            {wallet.state.kind === 'unknown' ? t('device.look') : t('device.lookAgain')}
          </Button>
        )}
      </DeviceWords>
      {wallet.choice.kind === 'practiceLedger' && <PracticePanel screen={wallet.practiceScreen} />}
    </Card>
  )
}

function PracticePanel({ screen }: { screen: PracticeScreen | null }): ReactElement {
  const busy = usePending('wallet:setPractice')
  if (screen === null) return <p className="mt-6 border-t border-line pt-5 text-soft">{t('practiceDevice.off')}</p>
  return (
    <div className="mt-6 flex flex-wrap items-start gap-x-10 gap-y-6 border-t border-line pt-6">
      <div className="flex max-w-full flex-col gap-2">
        <PracticeDevice screen={screen} onPress={(button) => void runCommand('wallet:press', { button })} />
        {screen.model === 'twoButton' && (
          <p className="max-w-64 self-center text-center text-sm text-soft">{t('practiceDevice.howTwo')}</p>
        )}
      </div>
      <div className="min-w-0 flex-1 basis-64">
        <h3 className="mb-4 font-semibold">{t('practiceDevice.settings')}</h3>
        <PracticeSettings
          blindSigning={screen.blindSigning}
          locked={screen.locked}
          busy={busy}
          onChange={(settings) => void runCommand('wallet:setPractice', settings)}
        />
      </div>
    </div>
  )
}
