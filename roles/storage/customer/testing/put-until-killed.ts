import { writeSync } from 'node:fs'
import { getBytes, Wallet } from 'ethers'
import { z } from 'zod'
import { createTransactionSender, networkFileSchema, openChain } from '../../../../contracts/client/index.ts'
import { silentLog } from '../../../api/values.ts'
import { createNetworkNode, localIdentity } from '../../../network/index.ts'
import { writeFileAtomic } from '../../../persistence/index.ts'
import { openSources } from '../archive/open-sources.ts'
import { putResumably } from '../put-resumably.ts'

// A customer in a process of its own that stores one thing and says how far it is. Ended from outside.
const order = z
  .object({
    network: networkFileSchema,
    bootstrapPeers: z.array(z.string()),
    key: z.string(),
    dataDirectory: z.string(),
    paths: z.array(z.string()),
    manifest: z.string(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''))
const say = (line: unknown): void => void writeSync(1, `${JSON.stringify(line)}\n`)
const chain = openChain(order.network)
const wallet = new Wallet(order.key, chain.provider)
const node = await createNetworkNode({
  identity: localIdentity(getBytes(order.key)),
  listen: [],
  bootstrapPeers: order.bootstrapPeers,
  mode: 'client',
  log: silentLog,
})
const sender = createTransactionSender(chain, wallet)
const sources = await openSources(order.paths)
const summary = await putResumably(
  { chain, wallet, sender, node, dataDirectory: order.dataDirectory, log: silentLog },
  {
    ...sources,
    paths: order.paths,
    fresh: false,
    onContinue: ({ share }) => say({ kind: 'continuing', share }),
    onProgress: ({ phase, bytesDone }) => say({ kind: 'progress', phase, bytesDone }),
    writeManifest: (manifest) => writeFileAtomic(order.manifest, manifest),
  },
)
say({ kind: 'done', paidWei: summary.paidWei.toString() })
process.exit(0)
