import { join } from 'node:path'
import { listDataSets } from '../../../contracts/client/index.ts'
import { topUpDataSets } from '../../../roles/storage/customer/top-up.ts'
import type { CustomerUpkeep } from '../../app/engine-options.ts'
import { openCustomer } from './open-customer.ts'

const targetPeriods = 30

/**
 * Tops up the escrow of what this home's customer has stored elsewhere to 30 periods (PROTOCOL 5.6). A home that never
 * stored anything is asked one question only; no peer is started for it.
 */
export const customerUpkeep: CustomerUpkeep = async ({ home, chain, log, signal }) => {
  const key = await home.keys.findKey('customer')
  if (key === null) return
  const sets = await listDataSets(chain, { customer: key.address }, { signal })
  if (sets.every((set) => set.ended || set.escrowWei >= set.pricePerPeriodWei * BigInt(targetPeriods - 6))) return
  const { network } = chain
  const dataDirectory = join(home.stateDirectory(), 'customer')
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
  } finally {
    await close()
  }
}
