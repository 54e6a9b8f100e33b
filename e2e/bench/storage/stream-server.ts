import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { silentLog } from '../../../roles/api/values.ts'
import { createNetworkNode, localIdentity } from '../../../roles/network/index.ts'
import { benchProtocol } from './stream-protocol.ts'

/** One end of the stream bench: sends as many bytes as it is asked for. Prints its address and ends with its starter. */
const node = await createNetworkNode({
  identity: localIdentity(randomBytes(32)),
  listen: ['/ip4/127.0.0.1/tcp/0'],
  bootstrapPeers: [],
  mode: 'server',
  log: silentLog,
})
const block = randomBytes(1024 * 1024)

node.handle(
  benchProtocol,
  async (stream) => {
    const { bytes, done } = await stream.readFrame(z.object({ bytes: z.number(), done: z.boolean() }), {
      timeoutMs: 10_000,
    })
    await stream.writeBytes(blocks(bytes), { timeoutMs: 120_000 })
    await stream.close()
    if (done) process.exit(0)
  },
  { maxInboundStreams: 8 },
)

function* blocks(bytes: number): Generator<Uint8Array> {
  for (let sent = 0; sent < bytes; sent += block.length) yield block.subarray(0, Math.min(block.length, bytes - sent))
}

process.stdout.write(`${JSON.stringify({ ready: node.multiaddrs()[0], peerId: node.peerId })}\n`)
