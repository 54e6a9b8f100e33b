import { CancelledError } from '../../api/errors.ts'
import type { NetworkNode } from '../../network/index.ts'
import { infoAnswerSchema, storageInfoProtocol } from '../protocol/frames.ts'
import type { Terms } from './accept-batch.ts'
import { reasonOf, RefusedError } from './errors.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'
import { linkSignal } from '../../upkeep/linked-signal.ts'
import { brisk, patient } from './patience.ts'
import type { NetworkFields } from './upload-piece.ts'

/** A storage node as the registry has it. */
export type RegisteredProvider = {
  readonly node: string
  readonly operator: string
  readonly peerId: string
  readonly boundAtSeconds: number
}

/** A provider that answered: what it offers and which network neighbourhood it is in. */
export type Offer = RegisteredProvider &
  Terms & {
    readonly prefix: string
    readonly freeBytes: number
    readonly taking: boolean
    readonly answeredInMs: number
  }

export type Survey = {
  readonly offers: readonly Offer[]
  readonly silent: readonly { readonly node: string; readonly reason: string }[]
}

/** Conversations at once; beyond it a home's router suffers more than the customer gains. */
const parallelQuestions = 24

export type SurveyOptions = {
  readonly network: NetworkFields
  prefixOf(multiaddr: string): string
  /** With fewer offers than this, those that were silent are asked again with patience. */
  readonly enough: number
  readonly signal?: AbortSignal
}

/** Asks every registered provider for terms and space. Those that do not answer within seconds are listed with the reason. */
export async function surveyProviders(
  node: NetworkNode,
  registered: readonly RegisteredProvider[],
  options: SurveyOptions,
): Promise<Survey> {
  const link = linkSignal(options.signal)
  const linked = { ...options, signal: link.signal }
  try {
    const first = await askAll(node, registered, linked, brisk.dialMs)
    if (first.silent.length === 0 || first.offers.length >= options.enough) return first
    const silent = new Set(first.silent.map((provider) => provider.node))
    const again = registered.filter((provider) => silent.has(provider.node))
    const second = await askAll(node, again, linked, patient.dialMs)
    return { offers: [...first.offers, ...second.offers], silent: second.silent }
  } finally {
    link.release()
  }
}

async function askAll(
  node: NetworkNode,
  registered: readonly RegisteredProvider[],
  options: SurveyOptions,
  timeoutMs: number,
): Promise<Survey> {
  const answers = await mapParallel(registered, parallelQuestions, async (provider) => {
    try {
      return { kind: 'offer', offer: await askProvider(node, provider, options, timeoutMs) } as const
    } catch (error) {
      if (options.signal?.aborted) throw new CancelledError('Asking providers')
      return { kind: 'silent', node: provider.node, reason: reasonOf(error) } as const
    }
  })
  return {
    offers: answers.flatMap((answer) => (answer.kind === 'offer' ? [answer.offer] : [])),
    silent: answers.flatMap((answer) => (answer.kind === 'silent' ? [answer] : [])),
  }
}

async function askProvider(
  node: NetworkNode,
  provider: RegisteredProvider,
  options: SurveyOptions,
  timeoutMs: number,
): Promise<Offer> {
  const startedMs = performance.now()
  const wait = { signal: options.signal, timeoutMs }
  const stream = await node.open(provider.peerId, storageInfoProtocol, wait)
  try {
    await stream.writeFrame({ kind: 'info', ...options.network }, wait)
    const answer = await stream.readFrame(infoAnswerSchema, wait)
    if (answer.kind === 'refused') throw new RefusedError(answer.code, answer.message)
    await stream.close()
    return {
      ...provider,
      prefix: options.prefixOf(stream.remoteMultiaddr),
      freeBytes: answer.freeBytes,
      taking: answer.taking,
      pricePerGiBPeriodWei: answer.pricePerGiBPeriodWei,
      retrievalPricePerMiBWei: answer.retrievalPricePerMiBWei,
      minimumBytesPerSecond: answer.minimumBytesPerSecond,
      answeredInMs: performance.now() - startedMs,
    }
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
}
