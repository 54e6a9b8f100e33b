import { AbiCoder } from 'ethers'
import { type Random, type SentenceCase, sentenceDraws } from './draw-sentences.ts'
import { judgeSentence, type SentenceFault } from './judge-sentence.ts'
import type { TestChain } from './practice-chain.ts'
import { writeSentence } from './read-sentence.ts'

/** What a comparison of so many texts found. */
export type SentenceComparison = {
  readonly compared: number
  readonly byKind: Readonly<Record<string, number>>
  readonly longestByKind: Readonly<Record<string, number>>
  readonly faults: Readonly<Partial<Record<SentenceFault | 'one text for two', number>>>
  /** Some of the faulty ones, to be looked at. */
  readonly examples: readonly { readonly faults: readonly string[]; readonly ours: string; readonly theirs: string }[]
}

const callsPerRequest = 250
const requestTimeoutMs = 60_000
const examplesKept = 10

/**
 * Draws `count` lists of arguments over all kinds and the given chains in turn, has the contracts of each chain write the text
 * (one `eth_call` each, many to a request), and judges every text by all the rules. A text that stood for other arguments
 * before is a fault too.
 */
export async function compareSentences(
  chains: readonly TestChain[],
  count: number,
  random: Random,
): Promise<SentenceComparison> {
  const kinds = Object.keys(sentenceDraws)
  const [byKind, longestByKind, faults]: Record<string, number>[] = [{}, {}, {}]
  const examples: SentenceComparison['examples'][number][] = []
  const argumentsOf = new Map<string, string>()
  const note = (found: readonly string[], { text }: SentenceCase, theirs: string): void => {
    for (const fault of found) faults![fault] = (faults![fault] ?? 0) + 1
    if (found.length > 0 && examples.length < examplesKept) examples.push({ faults: found, ours: text, theirs })
  }
  let compared = 0
  for (let round = 0; compared < count; round++) {
    const test = chains[round % chains.length]!
    const size = Math.min(callsPerRequest, count - compared)
    const cases = Array.from({ length: size }, (_, index) => {
      return sentenceDraws[kinds[(compared + index) % kinds.length]!]!(test.network, random)
    })
    const rebuilt = await rebuildAll(test, cases)
    for (const [index, one] of cases.entries()) {
      const { text, fields } = one
      const found: string[] = judgeSentence(text, rebuilt[index]!, fields)
      const said = writeSentence(fields)
      if ((argumentsOf.get(text) ?? said) !== said) found.push('one text for two')
      argumentsOf.set(text, said)
      note(found, one, rebuilt[index]!)
      byKind![fields.verb] = (byKind![fields.verb] ?? 0) + 1
      longestByKind![fields.verb] = Math.max(longestByKind![fields.verb] ?? 0, text.length)
    }
    compared += size
  }
  return { compared, byKind: byKind!, longestByKind: longestByKind!, faults: faults!, examples }
}

/** The contracts' texts, in the order of the cases. A refusal is the text of its error. */
async function rebuildAll({ network }: TestChain, cases: readonly SentenceCase[]): Promise<string[]> {
  const calls = cases.map(({ to, data }, id) => ({
    jsonrpc: '2.0',
    id,
    method: 'eth_call',
    params: [{ to, data }, 'latest'],
  }))
  const answer = await fetch(network.rpcUrls[0]!, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(calls),
    signal: AbortSignal.timeout(requestTimeoutMs),
  })
  const texts: string[] = Array.from({ length: cases.length }, () => 'no answer')
  for (const { id, result, error } of (await answer.json()) as RpcAnswer[])
    texts[id] = result === undefined ? `refused: ${error?.message}` : String(coder.decode(['string'], result)[0])
  return texts
}

type RpcAnswer = { readonly id: number; readonly result?: string; readonly error?: { readonly message: string } }
const coder = AbiCoder.defaultAbiCoder()
