import { setTimeout as wait } from 'node:timers/promises'
import {
  encodeCaptureSeed,
  encodeOpenSeed,
  readSeed,
  type Chain,
  type ChainCall,
} from '../../contracts/client/index.ts'
import type { SubmitRequest } from '../api/messages.ts'
import type { RoleContext } from '../api/worker.ts'
import type { Head } from './watch-chain.ts'

/** Blocks after the drawn one within which its hash can be captured; constant in Seeds.sol. */
const captureBlocks = 200

/** The seed of a slot, or why there is none yet. */
export type SeedAnswer =
  { readonly kind: 'seed'; readonly seed: string; readonly capturedAtSeconds: number } | { readonly kind: 'notYet' }

export type ObtainSeedOptions = {
  readonly chain: Chain
  readonly slot: number
  readonly head: Head
  /** Longest wait for somebody else to do it first; each node waits a random part of it. */
  readonly patienceMs: number
  readonly context: Pick<RoleContext, 'submit' | 'log'>
  readonly signal: AbortSignal
}

/** Reads a slot's seed; if nobody has opened or captured it after some patience, does that itself. */
export async function obtainSeed(options: ObtainSeedOptions): Promise<SeedAnswer> {
  const { chain, slot, signal } = options
  const before = await readSeed(chain, slot)
  if (before.seed !== null) return seedAnswer(before.seed, before.capturedAtSeconds)
  const step = nextStep(before.drawBlock, options.head.number)
  if (step === 'wait') return { kind: 'notYet' }
  await wait(options.patienceMs * (0.5 + Math.random() / 2), undefined, { signal })
  const now = await readSeed(chain, slot)
  if (now.seed !== null) return seedAnswer(now.seed, now.capturedAtSeconds)
  if (now.drawBlock !== before.drawBlock) return { kind: 'notYet' }
  const call = step === 'open' ? encodeOpenSeed(chain.network, { slot }) : encodeCaptureSeed(chain.network, { slot })
  await trySubmit(options, step === 'open' ? 'seedOpen' : 'seedCapture', call)
  const after = await readSeed(chain, slot)
  return after.seed === null ? { kind: 'notYet' } : seedAnswer(after.seed, after.capturedAtSeconds)
}

function nextStep(drawBlock: number | null, blockNumber: number): 'open' | 'capture' | 'wait' {
  if (drawBlock === null) return 'open'
  if (blockNumber <= drawBlock) return 'wait'
  return blockNumber <= drawBlock + captureBlocks ? 'capture' : 'open'
}

function seedAnswer(seed: string, capturedAtSeconds: number | null): SeedAnswer {
  return { kind: 'seed', seed, capturedAtSeconds: capturedAtSeconds ?? 0 }
}

/** Somebody else may be faster, and then the call reverts: that is no failure. */
async function trySubmit(
  options: ObtainSeedOptions,
  purpose: SubmitRequest['purpose'],
  call: ChainCall,
): Promise<void> {
  try {
    await options.context.submit({ purpose, to: call.to, data: call.data }, { signal: options.signal })
  } catch (error) {
    options.context.log.debug('A seed step was not needed or failed.', { purpose, error: String(error) })
  }
}
