import { randomBytes } from 'node:crypto'
import { silentLog } from '../../../roles/api/values.ts'
import { createNetworkNode, localIdentity } from '../../../roles/network/index.ts'
import { report, rounded } from './report.ts'
import { benchProtocol } from './stream-protocol.ts'

/** The other end: fetches over one stream, ten times, and reports. Arguments: multiaddr and peer id of the server. */
const [address, peerId] = process.argv.slice(2) as [string, string]
const bytes = 256 * 1024 * 1024
const runs = 10

const node = await createNetworkNode({
  identity: localIdentity(randomBytes(32)),
  listen: [],
  bootstrapPeers: [address],
  mode: 'client',
  log: silentLog,
})

async function fetchBytes(count: number, done: boolean): Promise<number> {
  const stream = await node.open(peerId, benchProtocol, { timeoutMs: 10_000 })
  const startMs = performance.now()
  await stream.writeFrame({ bytes: count, done })
  let received = 0
  for await (const chunk of stream.readBytes(count, { timeoutMs: 120_000 })) received += chunk.length
  const tookMs = performance.now() - startMs
  await stream.close()
  if (received !== count) throw new Error(`Only ${received} of ${count} bytes came.`)
  return count / 1024 / 1024 / (tookMs / 1000)
}

await fetchBytes(bytes / 4, false)
const speeds: number[] = []
for (let run = 0; run < runs; run++) speeds.push(await fetchBytes(bytes, run === runs - 1))
speeds.sort((left, right) => left - right)
report({
  figure: 'one libp2p stream between two processes, TLS 1.3, loopback',
  value: speeds[runs >> 1]!,
  unit: 'MiB/s',
  target: { atLeast: 150 },
  details: { slowest: rounded(speeds[0]!), fastest: rounded(speeds[runs - 1]!), runs },
})
await node.stop()
process.exit(0)
