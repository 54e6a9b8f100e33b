import { readFileSync } from 'node:fs'
import { Wallet } from 'ethers'
import { networkFileSchema, openChain } from '../../contracts/client/index.ts'
import type { LeaveIntent } from '../../roles/api/leaving.ts'
import { startTestProvider } from '../../roles/storage/provider/testing/start-test-provider.ts'
import { installDeath } from './die-at.ts'
import { keepCompiledCode } from './keep-compiled.ts'
import { orderSchema, processConfigSchema, say, sayReady } from './messages.ts'

/** A provider in a process of its own that says what it acknowledged and can be told to die at a write boundary. */
const config = processConfigSchema.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')))
const dieAt = await installDeath()
process.on('message', (message) => {
  const order = orderSchema.parse(message)
  if (order.kind === 'dieAt') dieAt(order.boundaries)
  if (order.kind === 'leave') setLeaving(order.leaving)
})
let setLeaving = (leaving: LeaveIntent | null): void => void (config.leaving = leaving)
process.on('disconnect', () => process.exit(0))
const network = networkFileSchema.parse(config.network)
const chain = openChain(network)
const provider = await startTestProvider({
  test: { chain, network },
  node: new Wallet(config.key),
  operator: config.operator,
  gas: new Wallet(config.gasKey, chain.provider),
  directory: config.directory,
  listen: config.listen,
  bootstrapPeers: config.bootstrapPeers,
  allowance: { leaving: config.leaving },
  onEvent: (event) => say({ kind: 'event', event }),
})
setLeaving = (leaving) => provider.setAllowance({ leaving })
sayReady()
keepCompiledCode()
