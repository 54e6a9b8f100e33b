import { join } from 'node:path'
import { listDataSets } from '../../../contracts/client/index.ts'
import { auditProviders, auditsAreDue, hearReputations } from '../../../roles/storage/customer/audit-providers.ts'
import { topUpDataSets } from '../../../roles/storage/customer/top-up.ts'
import type { CustomerUpkeep } from '../../app/engine-options.ts'
import { openCustomer } from './open-customer.ts'

const targetPeriods = 30

/**
 * Tops up the escrow of what this home's customer has stored elsewhere to 30 periods (PROTOCOL 5.6), and audits those who hold
 * it. A home that never stored anything is asked one question only; no peer is started for it.
 */
export const customerUpkeep: CustomerUpkeep = async ({ home, chain, log, signal }) => {
  const key = await home.keys.findKey('customer')
  if (key === null) return
  const sets = await listDataSets(chain, { customer: key.address }, { signal })
  const active = sets.filter((set) => !set.ended)
  const dataDirectory = join(home.stateDirectory(), 'customer')
  const full = active.every((set) => set.escrowWei >= set.pricePerPeriodWei * BigInt(targetPeriods - 6))
  const audit = await auditsAreDue(chain, dataDirectory, active)
  if (full && !audit) return
  const { network } = chain
  const { context, close } = await openCustomer({
    network,
    privateKeyHex: key.privateKeyHex,
    dataDirectory,
    log,
    signal,
  })
  try {
    const { topped, failed } = await topUpDataSets(context, { targetPeriods, signal })
    if (topped.length > 0) log.info('Topped up what is stored elsewhere.', { sets: topped.length })
    if (failed.length > 0) log.warn('Some sets could not be topped up.', { failed })
    if (!audit) return
    await auditProviders(context, { dueOnly: true, signal })
    await hearReputations(context, { signal })
  } finally {
    await close()
  }
}
