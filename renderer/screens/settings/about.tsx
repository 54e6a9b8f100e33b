import { ExternalLink } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Facts } from '../../components/facts.tsx'
import { PracticeMark } from '../../components/practice-mark.tsx'
import { groupAddress } from '../../format/identifier.ts'
import { t } from '../../format/message.ts'
import { formatCount } from '../../format/number.ts'
import { runCommand } from '../../state/commands.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import type { NetworkView } from '../../state/snapshot.ts'

const links = ['project', 'security', 'licenses'] as const

/** Version, network and the account that is paid, and the pages outside. */
export function About(): ReactElement {
  const version = useSnapshot((snapshot) => snapshot.version)
  const network = useSnapshot((snapshot) => snapshot.network)
  const operator = useSnapshot((snapshot) => snapshot.operator)
  const facts = [
    { name: t('settings.version'), value: version },
    { name: t('settings.networkName'), value: <NetworkName /> },
    ...networkFacts(network),
    { name: t('settings.operator'), value: <Operator address={operator} /> },
  ]
  return (
    <Card heading={t('settings.about')}>
      <Facts facts={facts} />
      <div className="mt-6 flex flex-wrap gap-3">
        {links.map((name) => (
          <Button key={name} title={t('settings.linkNote')} onClick={() => void runCommand('links:open', { name })}>
            {t(`settings.link.${name}`)}
            <ExternalLink aria-hidden="true" className="size-4 text-soft" />
          </Button>
        ))}
      </div>
    </Card>
  )
}

function networkFacts(network: NetworkView): { name: string; value: string }[] {
  if (network.kind !== 'ready') return []
  const block = network.blockNumber === null ? t('value.unknown') : formatCount(network.blockNumber)
  return [
    { name: t('settings.networkId'), value: String(network.chainId) },
    { name: t('settings.block'), value: block },
  ]
}

function NetworkName(): ReactElement {
  const network = useSnapshot((snapshot) => snapshot.network)
  if (network.kind !== 'ready') return <span>{t(`network.${network.kind}`)}</span>
  return (
    <span className="inline-flex flex-wrap justify-end gap-2">
      {network.name}
      {network.practice && <PracticeMark />}
    </span>
  )
}

function Operator({ address }: { address: string | null }): ReactElement {
  if (address === null) return <span className="font-normal text-soft">{t('settings.operatorNone')}</span>
  return (
    <span>
      <span className="block tabular-nums">{groupAddress(address)}</span>
      <span className="block text-sm font-normal text-soft">{t('settings.operatorHint')}</span>
    </span>
  )
}
