import {
  encodeCaptureSeed,
  encodeOpenSeed,
  readLatestBlock,
  readSeed,
  type Chain,
  type TransactionSender,
} from '../../../contracts/client/index.ts'
import type { SeedChain } from './seed-crank.ts'

const sendTimeoutMs = 10_000

/** The Seeds contract as the crank sees it. Others may be first at any step; that is no failure. */
export function contractSeedChain(chain: Chain, sender: TransactionSender): SeedChain {
  const { network } = chain
  const options = { timeoutMs: sendTimeoutMs }
  return {
    latestBlock: () => readLatestBlock(chain),
    async open(slot) {
      const before = await readSeed(chain, slot)
      if (before.drawBlock !== null) return before.drawBlock
      const failure = await sender.send(encodeOpenSeed(network, { slot }), options).then(() => null, asError)
      const after = await readSeed(chain, slot)
      if (after.drawBlock === null) throw failure ?? new Error(`Seed ${slot} did not open.`)
      return after.drawBlock
    },
    async capture(slot) {
      if ((await readSeed(chain, slot)).seed !== null) return
      const failure = await sender.send(encodeCaptureSeed(network, { slot }), options).then(() => null, asError)
      if ((await readSeed(chain, slot)).seed === null) throw failure ?? new Error(`Seed ${slot} was not captured.`)
    },
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
