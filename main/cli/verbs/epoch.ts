import { setTimeout as delay } from 'node:timers/promises'
import { Wallet } from 'ethers'
import {
  type Chain,
  encodeFinalizeEpoch,
  epochEndSeconds,
  epochOf,
  openChain,
  readEpochClock,
  readEpochFinalized,
  readLatestBlock,
  sendAndWait,
} from '../../../contracts/client/index.ts'
import { CancelledError, HearthError } from '../../../roles/api/errors.ts'
import { type EpochVerdict, verifyEpoch } from '../../earnings/index.ts'
import { enrol } from '../../practice/index.ts'
import { formatTable, formatWei } from '../output/format.ts'
import { joinNetwork, practiceAccounts, requireChain } from './join-network.ts'
import { UsageError } from './usage-error.ts'
import type { Verb, VerbContext } from './verb.ts'

/** Contract and recomputation differ, or the end of the epoch did not come. */
export class EpochError extends HearthError {}

const lookEveryMs = 1_000
/** How long after its end by the clock an epoch's last block may still be awaited. */
const graceSeconds = 120
const sendTimeoutMs = 60_000

/** `hearth epoch verify N`: recomputes every share of an epoch from events and compares it with the contract. */
export const epoch: Verb = {
  name: 'epoch',
  summary: 'recompute the rewards of an epoch and compare them with the contract',
  usage: ['epoch verify N'],
  options: {},
  async run(context, { positionals }) {
    const number = epochNumber(positionals)
    const network = await joinNetwork(context)
    await requireChain(network, context.signal)
    const chain = openChain(network)
    try {
      await waitForEnd(context, chain, number)
      await finalize(context, chain, number)
      const verdict = await verifyEpoch({ chain, epoch: number, signal: context.signal })
      context.output.result(jsonOf(verdict), () => describe(verdict, network.symbol))
      if (verdict.equal) return
      throw new EpochError('EPOCH_DIFFERS', `Epoch ${number}: the contract and the recomputation differ.`, {
        action: 'Run it again against another server of the chain; if it stays so, tell the operators.',
      })
    } finally {
      chain.close()
    }
  },
}

function epochNumber(words: readonly string[]): number {
  const [verb, text, ...rest] = words
  if (verb !== 'verify' || rest.length > 0) throw new UsageError('Say `hearth epoch verify N`.')
  if (text === undefined || !/^[1-9][0-9]{0,8}$/.test(text)) {
    throw new UsageError('N is the number of an epoch; the first is 1.')
  }
  return Number(text)
}

async function waitForEnd({ output, signal }: VerbContext, chain: Chain, number: number): Promise<void> {
  const clock = await readEpochClock(chain, { signal })
  const end = epochEndSeconds(number, clock)
  const deadlineMs = Date.now() + (clock.epochSeconds + graceSeconds) * 1000
  for (let told = false; ; told = true) {
    const { timestampSeconds } = await readLatestBlock(chain, { signal })
    const current = epochOf(timestampSeconds, clock)
    if (current < number) throw new UsageError(`Epoch ${number} has not begun; epoch ${current} runs.`)
    if (timestampSeconds >= end) return
    if (!told) output.note(`Epoch ${number} runs for another ${end - timestampSeconds} s; waiting for its end.`)
    if (Date.now() > deadlineMs) {
      throw new EpochError('EPOCH_RUNS', `The chain did not reach the end of epoch ${number}.`, {
        action: 'Look whether the chain still makes blocks.',
      })
    }
    await delay(lookEveryMs, undefined, { signal }).catch(() => {
      throw new CancelledError('Waiting for the end of an epoch')
    })
  }
}

/** Closes the epoch if nobody has; somebody else may be first at any moment. */
async function finalize(context: VerbContext, chain: Chain, number: number): Promise<void> {
  const { signal } = context
  if (await readEpochFinalized(chain, number, { signal })) return
  const home = context.home()
  if (chain.network.practice) await enrol(chain, await practiceAccounts(home))
  const { privateKeyHex } = await home.keys.ensureKey('gas')
  const call = encodeFinalizeEpoch(chain.network, { epoch: number })
  await sendAndWait(new Wallet(privateKeyHex, chain.provider), call, { timeoutMs: sendTimeoutMs, signal })
}

function jsonOf({ epoch: number, equal, shares, burned, minted }: EpochVerdict) {
  const text = <T extends { recomputedWei: bigint; onChainWei: bigint }>(one: T) => ({
    ...one,
    recomputedWei: one.recomputedWei.toString(),
    onChainWei: one.onChainWei.toString(),
  })
  return {
    ...{ epoch: number, equal, shares: shares.map(text), burned: burned.map(text) },
    minted: minted === null ? null : text(minted),
  }
}

function describe(verdict: EpochVerdict, symbol: string): string[] {
  const rows = verdict.shares.map((one) => [
    one.operator,
    one.role,
    formatWei(one.recomputedWei, symbol),
    formatWei(one.onChainWei, symbol),
    one.recomputedWei === one.onChainWei ? 'equal' : 'DIFFERENT',
  ])
  const table = formatTable(['OPERATOR', 'ROLE', 'RECOMPUTED', 'ON CHAIN', ''], rows)
  return [...table, verdict.equal ? `Epoch ${verdict.epoch}: equal to the wei.` : `Epoch ${verdict.epoch} DIFFERS.`]
}
