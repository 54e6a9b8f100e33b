import { join } from 'node:path'
import { silentLog } from '../../../roles/api/values.ts'
import type { CustomerContext } from '../../../roles/storage/customer/context.ts'
import { enrol, openCustomer } from '../../practice/index.ts'
import { joinNetwork, practiceAccounts, requireChain } from './join-network.ts'
import type { VerbContext } from './verb.ts'

/** Opens the home's customer for one verb, funded where the network is practice, and closes it whatever happens. */
export async function withCustomer<T>(
  context: VerbContext,
  use: (customer: CustomerContext) => Promise<T>,
): Promise<T> {
  const { signal } = context
  const network = await joinNetwork(context)
  await requireChain(network, signal)
  const home = context.home()
  const { privateKeyHex } = await home.keys.ensureKey('customer')
  const dataDirectory = join(home.stateDirectory(), 'customer')
  const { context: customer, close } = await openCustomer({
    network,
    privateKeyHex,
    dataDirectory,
    log: silentLog,
    signal,
  })
  try {
    if (network.practice) await enrol(customer.chain, await practiceAccounts(home))
    return await use(customer)
  } finally {
    await close()
  }
}
