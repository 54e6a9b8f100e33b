import { openProcessPort } from '../../../roles/host/process-port.ts'
import { serializeError } from '../../../roles/api/errors.ts'
import { runChain } from '../chain/run-chain.ts'
import { toChainSchema, type FromChain } from '../messages.ts'
import { serveOwner } from './serve-owner.ts'

/** Process of the practice chain: anvil, its proxy, its blocks and seeds. */
const port = openProcessPort()
const post = (message: FromChain) => port.post(message)

serveOwner({
  port,
  schema: toChainSchema,
  async start(message) {
    const chain = await runChain({
      practiceDirectory: message.practiceDirectory,
      neighbours: message.neighbours,
      port: message.port,
      onRenderWanted: () => post({ kind: 'renderWanted' }),
      onStep: (step) => post({ kind: 'progress', step }),
      log: (text) => post({ kind: 'log', level: 'warn', message: text }),
    })
    chain.onGivenUp((error) => {
      post({ kind: 'failed', error: serializeError(error) })
      setTimeout(() => process.exit(1), 100)
    })
    const { network, notice, neighbours } = chain
    post({ kind: 'ready', network, anvilPid: chain.anvilPid(), notice, neighbours: [...neighbours] })
    return chain
  },
  stop: (chain) => chain.stop(),
})
