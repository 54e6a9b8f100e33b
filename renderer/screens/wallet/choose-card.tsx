import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { RadioCards } from '../../components/radio-cards.tsx'
import { TextField } from '../../components/text-field.tsx'
import { t } from '../../format/message.ts'
import { runCommand, usePending } from '../../state/commands.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { DeviceChoice } from '../../state/snapshot.ts'
import { holderOf, holders, isForPractice, readEndpoint, toChoice } from './holders.ts'
import type { Holder } from './holders.ts'

/** The choice of what holds the key. An emulator needs an address first; everything else is chosen by one press. */
export function ChooseCard({ choice }: { choice: DeviceChoice }): ReactElement {
  const { practice } = useCurrency()
  const [asking, setAsking] = useState(false)
  const current = asking ? 'speculos' : holderOf(choice)
  const options = holders.map((holder) => ({
    value: holder,
    title: t(`wallet.choose.${holder}`),
    text: <HolderText holder={holder} blocked={isForPractice(holder) && practice !== true} />,
    disabled: isForPractice(holder) && practice !== true,
  }))
  const choose = (holder: Holder): void => {
    const next = toChoice(holder)
    setAsking(next === null)
    if (next !== null && holder !== holderOf(choice)) void runCommand('wallet:choose', next)
  }
  return (
    <Card heading={t('wallet.choose.heading')}>
      <RadioCards
        label={t('wallet.choose.heading')}
        value={current}
        options={options}
        onChoose={choose}
        className="rail:grid-cols-2"
      />
      {current === 'speculos' && <Endpoint choice={choice} onUsed={() => setAsking(false)} />}
      <p className="mt-4 text-sm text-soft">{t('wallet.choose.otherAccount')}</p>
    </Card>
  )
}

function HolderText({ holder, blocked }: { holder: Holder; blocked: boolean }): ReactElement {
  return (
    <>
      {t(`wallet.choose.${holder}Text`)}
      {blocked && ` ${t('wallet.choose.onlyPractice')}`}
    </>
  )
}

function Endpoint({ choice, onUsed }: { choice: DeviceChoice; onUsed: () => void }): ReactElement {
  const now = choice.kind === 'speculos' ? choice : { host: '127.0.0.1', port: 5000 }
  const [host, setHost] = useState(now.host)
  const [port, setPort] = useState(String(now.port))
  const choosing = usePending('wallet:choose')
  const { endpoint, hostOk, portOk } = readEndpoint(host, port)
  const use = async (): Promise<void> => {
    if (endpoint !== null && (await runCommand('wallet:choose', { kind: 'speculos', ...endpoint }))) onUsed()
  }
  return (
    <div className="mt-4 flex flex-wrap items-start gap-4">
      <TextField
        label={t('wallet.choose.host')}
        value={host}
        onChange={setHost}
        problem={hostOk ? null : t('wallet.choose.hostProblem')}
      />
      <TextField
        label={t('wallet.choose.port')}
        value={port}
        onChange={setPort}
        numeric
        problem={portOk ? null : t('wallet.choose.portProblem')}
      />
      <Button className="mt-[1.85rem]" disabled={endpoint === null} pending={choosing} onClick={() => void use()}>
        {t('wallet.choose.use')}
      </Button>
    </div>
  )
}
