import { openProcessPort } from '../../../roles/host/process-port.ts'
import { runCustomer } from '../customer/run-customer.ts'
import { toCustomerSchema, type FromCustomer } from '../messages.ts'
import { serveOwner } from './serve-owner.ts'

/** Process of the practice customer, who gives neighbours and homes work. */
const port = openProcessPort()
const post = (message: FromCustomer) => port.post(message)

serveOwner({
  port,
  schema: toCustomerSchema,
  async start(message) {
    const customer = await runCustomer({
      ...message,
      events: {
        stored: (nodes, lengthBytes) => post({ kind: 'stored', nodes: [...nodes], lengthBytes }),
        fetched: (lengthBytes) => post({ kind: 'fetched', lengthBytes }),
        problem: (text) => post({ kind: 'log', level: 'warn', message: text }),
      },
    })
    post({ kind: 'ready', customer: customer.customer })
    return customer
  },
  stop: (customer) => customer.stop(),
})
