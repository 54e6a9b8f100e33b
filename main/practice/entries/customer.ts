import { openProcessPort } from '../../../roles/host/process-port.ts'
import { runCustomer } from '../customer/run-customer.ts'
import { toCustomerSchema, type FromCustomer } from '../messages.ts'
import { createOwnerSurfaces } from './owner-surfaces.ts'
import { serveOwner } from './serve-owner.ts'

/** Process of the practice customer, who gives neighbours and homes work. */
const port = openProcessPort()
const post = (message: FromCustomer) => port.post(message)
const surfaces = createOwnerSurfaces(port)

serveOwner({
  port,
  schema: toCustomerSchema,
  async start(message) {
    const customer = await runCustomer({
      ...message,
      openSurface: surfaces.open,
      events: {
        stored: (nodes, lengthBytes) => post({ kind: 'stored', nodes: [...nodes], lengthBytes }),
        fetched: (lengthBytes) => post({ kind: 'fetched', lengthBytes }),
        rendered: (units, refused) => post({ kind: 'rendered', units, refused }),
        problem: (text) => post({ kind: 'log', level: 'warn', message: text }),
      },
    })
    post({ kind: 'ready', customer: customer.customer })
    return customer
  },
  onMessage(message) {
    if (message.kind === 'surface' || message.kind === 'surfaceRefused') surfaces.answered(message)
  },
  stop: (customer) => customer.stop(),
})
