import { randomBytes } from 'node:crypto'
import { silentLog } from '../../../roles/api/values.ts'
import { createNetworkNode, localIdentity } from '../../../roles/network/index.ts'
import { putPieceSchema, storagePutProtocol } from '../../../roles/storage/protocol/frames.ts'

/** Peers that take pieces and keep none: the far end of a put whose own memory is measured. Ends when its input does. */
const count = Number(process.argv[2])
const peers = []
for (let index = 0; index < count; index++) {
  const node = await createNetworkNode({
    identity: localIdentity(randomBytes(32)),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    bootstrapPeers: [],
    mode: 'server',
    log: silentLog,
  })
  node.handle(
    storagePutProtocol,
    async (stream) => {
      const { root, lengthBytes } = await stream.readFrame(putPieceSchema, { timeoutMs: 30_000 })
      await stream.writeFrame({ kind: 'goAhead', alreadyHeld: false })
      let received = 0
      for await (const chunk of stream.readBytes(lengthBytes, { timeoutMs: 600_000 })) received += chunk.length
      await stream.writeFrame({ kind: 'stored', root, lengthBytes: received, keptUntilSeconds: 2 ** 32 })
    },
    { maxInboundStreams: 16 },
  )
  peers.push({ address: node.multiaddrs()[0], peerId: node.peerId })
}
process.stdin.on('close', () => process.exit(0)).resume()
process.stdout.write(`${JSON.stringify(peers)}\n`)
