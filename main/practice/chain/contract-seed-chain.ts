import { Interface, type JsonRpcProvider } from 'ethers'
import { seedsAbi } from '../../../contracts/abi/index.ts'
import type { NetworkFile } from '../../../contracts/client/network-file.ts'
import type { FaucetSend } from './enrol-home.ts'
import type { SeedChain } from './seed-crank.ts'

const seedsInterface = new Interface(seedsAbi)

/** The Seeds contract as the crank sees it, paid by the faucet. Others may be first at any step; that is no failure. */
export function contractSeedChain(provider: JsonRpcProvider, send: FaucetSend, network: NetworkFile): SeedChain {
  const to = network.contracts.Seeds
  const encode = (name: 'open' | 'capture' | 'slots', slot: number) => seedsInterface.encodeFunctionData(name, [slot])

  async function record(slot: number): Promise<{ drawBlock: bigint; capturedAt: bigint }> {
    const answer = await provider.call({ to, data: encode('slots', slot) })
    const [seed] = seedsInterface.decodeFunctionResult('slots', answer) as unknown as [{ drawBlock: bigint; capturedAt: bigint }]
    return seed
  }

  return {
    async latestBlock() {
      const block = await provider.getBlock('latest')
      return { number: block?.number ?? 0, timestampSeconds: block?.timestamp ?? 0 }
    },
    async open(slot) {
      const before = await record(slot)
      if (before.drawBlock !== 0n) return Number(before.drawBlock)
      const failure = await send({ to, data: encode('open', slot) }).then(() => null, asError)
      const after = await record(slot)
      if (after.drawBlock === 0n) throw failure ?? new Error(`Seed ${slot} did not open.`)
      return Number(after.drawBlock)
    },
    async capture(slot) {
      if ((await record(slot)).capturedAt !== 0n) return
      const failure = await send({ to, data: encode('capture', slot) }).then(() => null, asError)
      if ((await record(slot)).capturedAt === 0n) throw failure ?? new Error(`Seed ${slot} was not captured.`)
    },
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
