import { openProcessPort } from '../../../roles/host/process-port.ts'
import { runNeighbour } from '../neighbours/run-neighbour.ts'
import { toNeighbourSchema, type FromNeighbour } from '../messages.ts'
import { createOwnerSurfaces } from './owner-surfaces.ts'
import { serveOwner } from './serve-owner.ts'

/** Process of one neighbour: a household that stores pieces, renders where it can, and earns, with the same code as a person's own node. */
const port = openProcessPort()
const post = (message: FromNeighbour) => port.post(message)
const surfaces = createOwnerSurfaces(port)

serveOwner({
  port,
  schema: toNeighbourSchema,
  async start(message) {
    const neighbour = await runNeighbour({
      ...message,
      openSurface: surfaces.open,
      log: (level, text) => post({ kind: 'log', level, message: text }),
    })
    const { operator, node } = neighbour
    const { peerId, multiaddrs } = neighbour.address()
    post({ kind: 'ready', operator, node, peerId, multiaddrs: [...multiaddrs], roles: [...neighbour.roles] })
    return neighbour
  },
  onMessage(message, neighbour) {
    switch (message.kind) {
      case 'bootstrapPeers':
        return neighbour.setBootstrapPeers(message.multiaddrs)
      case 'startRender':
        return neighbour.startRender()
      case 'surface':
      case 'surfaceRefused':
        return surfaces.answered(message)
      case 'start':
      case 'stop':
        return
    }
  },
  stop: (neighbour) => neighbour.stop(),
})
