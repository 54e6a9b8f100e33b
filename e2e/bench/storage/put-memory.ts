import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { hexlify, randomBytes } from 'ethers'
import { silentLog } from '../../../roles/api/values.ts'
import { createNetworkNode, localIdentity } from '../../../roles/network/index.ts'
import type { Offer } from '../../../roles/storage/customer/find-providers.ts'
import { nodeCipher } from '../../../roles/storage/customer/node-crypto.ts'
import { openPutPipeline } from '../../../roles/storage/customer/open-put-pipeline.ts'
import type { PlacedPiece } from '../../../roles/storage/customer/place-segment.ts'
import type { Source } from '../../../roles/storage/customer/source.ts'
import { uploadFile } from '../../../roles/storage/customer/upload-file.ts'
import { chooseProfile } from '../../../roles/storage/protocol/profiles.ts'
import { deriveSegmentKeys } from '../../../roles/storage/protocol/segment-keys.ts'
import { report } from './report.ts'

/**
 * Memory growth of a put, with the real pipeline and the real uploads over libp2p to fifteen peers in another process that
 * take every byte, so that what grows here is the customer's. Bundled as the command is, since the compiler that strips
 * types would be measured too. Arguments: the file of the peers, size of the file in MiB.
 */
const peersFile = process.argv[2]!
const mebibytes = Number(process.argv[3] ?? 4096)
const providers = 15
const network = { chainId: 31337, market: '0x0000000000000000000000000000000000000001' }

const sinks = spawn(process.execPath, [peersFile, String(providers)], { stdio: ['pipe', 'pipe', 'inherit'] })
const peers = await readPeers(sinks)
const node = await createNetworkNode({
  identity: localIdentity(randomBytes(32)),
  listen: [],
  bootstrapPeers: peers.map((peer) => peer.address),
  mode: 'client',
  log: silentLog,
})
const offers = peers.map(({ peerId }, index): Offer => {
  const account = hexlify(randomBytes(20))
  const terms = { pricePerGiBPeriodWei: 1n, retrievalPricePerMiBWei: 1n, minimumBytesPerSecond: 0 }
  const rest = { boundAtSeconds: 0, prefix: `${index}`, freeBytes: 2 ** 40, taking: true, answeredInMs: 1 }
  return { ...rest, ...terms, node: account, operator: account, peerId }
})
const block = nodeCipher.randomBytes(4 * 1024 * 1024)
const source: Source = {
  size: mebibytes * 1024 * 1024,
  read: async (_position, target) => {
    target.set(block.subarray(0, target.length))
    return target.length
  },
}

globalThis.gc?.()
const before = process.memoryUsage.rss()
let peak = before
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50)
const profile = chooseProfile(providers)!
const pipeline = openPutPipeline(profile, source.size)
const secret = nodeCipher.randomBytes(32)
const startMs = performance.now()
const placed: ReadonlyMap<number, readonly PlacedPiece[]> = await uploadFile({
  pipeline,
  node,
  network,
  source,
  profile,
  offers,
  mustInclude: [],
  keysOf: () => deriveSegmentKeys(nodeCipher, secret),
  placed: new Map(),
  excluded: new Set(),
})
const seconds = (performance.now() - startMs) / 1000
clearInterval(watch)
report({
  figure: `memory growth of a put of ${mebibytes} MiB, 4 of 12`,
  value: (peak - before) / 1e6,
  unit: 'MB',
  target: { atMost: 300 },
  details: {
    beforeMB: Math.round(before / 1e6),
    segments: placed.size,
    seconds: Math.round(seconds),
    fileMBPerSecond: Math.round(source.size / 1e6 / seconds),
  },
})
await pipeline.close()
await node.stop()
sinks.kill()
process.exit(0)

async function readPeers(child: ChildProcess): Promise<{ address: string; peerId: string }[]> {
  for await (const line of createInterface({ input: child.stdout! }))
    return JSON.parse(line) as { address: string; peerId: string }[]
  throw new Error('The receiving peers did not start.')
}
