import { readFileSync } from 'node:fs'
import { getBytes, Wallet } from 'ethers'
import { createTransactionSender, networkFileSchema, openChain } from '../../contracts/client/index.ts'
import { HearthError } from '../../roles/api/errors.ts'
import { silentLog } from '../../roles/api/values.ts'
import { createNetworkNode, localIdentity } from '../../roles/network/index.ts'
import { writeFileAtomic } from '../../roles/persistence/index.ts'
import { getFile, putFile, repairFile, type CustomerContext } from '../../roles/storage/customer/index.ts'
import { keepCompiledCode } from './keep-compiled.ts'
import { orderSchema, processConfigSchema, say, sayReady, type Order } from './messages.ts'

/** A customer in a process of its own: does one order at a time and says when it is done. */
const config = processConfigSchema.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')))
process.on('disconnect', () => process.exit(0))
const chain = openChain(networkFileSchema.parse(config.network))
const wallet = new Wallet(config.key, chain.provider)
const context: CustomerContext = {
  chain,
  wallet,
  sender: createTransactionSender(chain, wallet),
  node: await createNetworkNode({
    identity: localIdentity(getBytes(wallet.privateKey)),
    listen: [],
    bootstrapPeers: config.bootstrapPeers,
    mode: 'client',
    log: silentLog,
  }),
  dataDirectory: config.directory,
  log: silentLog,
}

/** Enough escrow that no set ends while periods are leapt over. */
const periods = 5_000

async function obey(order: Exclude<Order, { kind: 'dieAt' | 'leave' }>): Promise<string | null> {
  switch (order.kind) {
    case 'put': {
      const { manifest } = await putFile(context, { source: order.path, pathName: order.pathName, periods })
      await writeFileAtomic(order.manifest, manifest)
      return order.manifest
    }
    case 'get':
      await getFile(context, { manifest: readFileSync(order.manifest), output: order.output })
      return order.output
    case 'repair': {
      const repaired = await repairFile(context, { manifest: readFileSync(order.manifest), everything: true, periods })
      if (repaired === null) return null
      await writeFileAtomic(order.repaired, repaired.manifest)
      return order.repaired
    }
  }
}

process.on('message', (message) => {
  const order = orderSchema.parse(message)
  if (order.kind === 'dieAt' || order.kind === 'leave') return
  obey(order).then(
    (result) => say({ kind: 'done', result }),
    (error: unknown) => {
      const code = error instanceof HearthError ? error.code : 'UNKNOWN'
      say({ kind: 'failed', code, message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    },
  )
})
sayReady()
keepCompiledCode()
