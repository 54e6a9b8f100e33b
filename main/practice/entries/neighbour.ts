import { openProcessPort } from '../../../roles/host/process-port.ts'
import { runNeighbour } from '../neighbours/run-neighbour.ts'
import { toNeighbourSchema, type FromNeighbour } from '../messages.ts'
import { serveOwner } from './serve-owner.ts'

/** Process of one neighbour: a household that stores pieces and earns, with the same code as a person's own node. */
const port = openProcessPort()
const post = (message: FromNeighbour) => port.post(message)

serveOwner({
  port,
  schema: toNeighbourSchema,
  async start(message) {
    const neighbour = await runNeighbour({
      ...message,
      log: (level, text) => post({ kind: 'log', level, message: text }),
    })
    const { operator, node } = neighbour
    const { peerId, multiaddrs } = neighbour.address()
    post({ kind: 'ready', operator, node, peerId, multiaddrs: [...multiaddrs], roles: ['storage'] })
    return neighbour
  },
  onMessage(message, neighbour) {
    if (message.kind === 'bootstrapPeers') neighbour.setBootstrapPeers(message.multiaddrs)
  },
  stop: (neighbour) => neighbour.stop(),
})
