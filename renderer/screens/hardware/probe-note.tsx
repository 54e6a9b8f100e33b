import type { ReactElement } from 'react'
import { Notice } from '../../components/notice.tsx'
import { t } from '../../format/message.ts'
import type { Inventory, ProbeState } from '../../state/snapshot.ts'

/** Says when the look at one kind of hardware failed or was cut off; nothing when it was measured. */
export function ProbeNote({
  inventory,
  probe,
}: {
  inventory: Inventory
  probe: ProbeState['probe']
}): ReactElement | null {
  const found = inventory.probes.find((state) => state.probe === probe)
  if (found === undefined || found.state === 'measured') return null
  const reason = found.message === null ? null : t('hardware.probe.reason', { message: found.message })
  return <Notice tone="warning" title={t(`hardware.probe.${found.state}`)} text={reason} className="mb-3" />
}
