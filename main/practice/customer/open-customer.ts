import { mkdir } from 'node:fs/promises'
import { Wallet, getBytes } from 'ethers'
import { createTransactionSender, openChain, type NetworkFile } from '../../../contracts/client/index.ts'
import type { Log } from '../../../roles/api/values.ts'
import { createNetworkNode, localIdentity } from '../../../roles/network/index.ts'
import type { CustomerContext } from '../../../roles/storage/customer/context.ts'

/** A storage customer and everything that was opened for it. */
export type OpenCustomer = { readonly context: CustomerContext; close(): Promise<void> }

/** Opens a customer on a network: chain, account, and a peer that only dials. The caller closes it. */
export async function openCustomer(o: {
  network: NetworkFile
  /** `0x` and 64 digits; the account and the libp2p identity. */
  privateKeyHex: string
  /** Made when missing; vouchers and copies of manifests go there. */
  dataDirectory: string
  log: Log
  signal?: AbortSignal
}): Promise<OpenCustomer> {
  await mkdir(o.dataDirectory, { recursive: true, mode: 0o700 })
  const node = await createNetworkNode({
    identity: localIdentity(getBytes(o.privateKeyHex)),
    listen: [],
    bootstrapPeers: o.network.bootstrapPeers,
    mode: 'client',
    log: o.log,
    ...(o.signal === undefined ? {} : { signal: o.signal }),
  })
  const chain = openChain(o.network)
  const wallet = new Wallet(o.privateKeyHex, chain.provider)
  const sender = createTransactionSender(chain, wallet)
  return {
    context: { chain, wallet, sender, node, dataDirectory: o.dataDirectory, log: o.log },
    async close() {
      sender.close()
      await node.stop()
      chain.close()
    },
  }
}
