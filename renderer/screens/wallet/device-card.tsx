import type { ReactElement } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { DeviceWords } from '../../components/device-words.tsx'
import { PracticePanel } from '../../components/practice-panel.tsx'
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
      {wallet.choice.kind === 'practiceLedger' && <Practice screen={wallet.practiceScreen} />}
    </Card>
  )
}

function Practice({ screen }: { screen: PracticeScreen | null }): ReactElement {
  return (
    <div className="mt-6 border-t border-line pt-6">
      <PracticePanel
        screen={screen}
        busy={usePending('wallet:setPractice')}
        onPress={(button) => void runCommand('wallet:press', { button })}
        onSettings={(settings) => void runCommand('wallet:setPractice', settings)}
        layout="page"
      />
    </div>
  )
}
