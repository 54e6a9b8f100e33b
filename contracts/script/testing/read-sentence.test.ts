import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NetworkFile } from '../../client/index.ts'
import { sentenceDraws } from './draw-sentences.ts'
import { judgeSentence } from './judge-sentence.ts'
import { readSentence, writeSentence } from './read-sentence.ts'

const contract = '0x5fbdb2315678afecb367f032d93f642f64180aa3'
const network: NetworkFile = {
  formatVersion: 1,
  practice: false,
  name: 'Base',
  symbol: 'HRTH',
  chainId: 8453,
  genesisHash: `0x${'11'.repeat(32)}`,
  rpcUrls: ['https://rpc.example'],
  contracts: {
    HearthToken: contract,
    Registry: contract,
    Seeds: contract,
    Payments: contract,
    StorageMarket: contract,
    Stewardship: contract,
    RepairFund: contract,
    Rewards: contract,
    RenderPool: contract,
    RenderMarket: contract,
    RenderPanel: contract,
    EnergyCertificates: contract,
    EnergyMarket: contract,
  },
  deployedAtBlock: 1,
  bootstrapPeers: [],
  journeyUrl: null,
  nativeWeiPerToken: '1',
}
const networks = fc.record({
  practice: fc.boolean(),
  symbol: fc.stringMatching(/^[A-Za-z0-9 .-]{1,6}$/),
  chainId: fc.oneof(fc.constantFrom(1, 2 ** 48 - 1), fc.nat({ max: 2 ** 40 })),
})
/** A sentence of any kind for any network. */
const sentences = fc
  .tuple(
    networks,
    fc.constantFrom(...Object.values(sentenceDraws)),
    fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
  )
  .map(([changes, draw, numbers]) => draw({ ...network, ...changes }, () => numbers.next().value!))

describe('reading a sentence back', () => {
  it('gives the arguments of every sentence of every kind', () => {
    fc.assert(
      fc.property(sentences, ({ text, fields }) => {
        expect(readSentence(text)).toEqual(fields)
      }),
    )
  })

  it('never gives the same for another text', () => {
    const changes = fc.tuple(fc.nat(), fc.constantFrom(...'0123456789abcdefxX ,.:\n-'.split('')), fc.constantFrom(0, 1))
    fc.assert(
      fc.property(sentences, changes, ({ text, fields }, [where, put, taken]) => {
        const at = where % text.length
        const changed = text.slice(0, at) + put + text.slice(at + taken)
        fc.pre(changed !== text)
        expect(readSentence(changed)).not.toEqual(fields)
      }),
      { numRuns: 2000 },
    )
  })

  it('refuses numbers, dates and accounts in another spelling', () => {
    const good = writeSentence({
      verb: 'claim',
      practice: false,
      label: 'Hearth',
      symbol: 'HRTH',
      amount: 12_345_678n,
      account: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
      chain: 8453n,
      number: 7n,
      deadline: 29_935_440n,
      contract,
    })
    expect(good.split('\n').slice(0, 2)).toEqual(['Hearth: claim', '12.345678 HRTH'])
    expect(readSentence(good)?.deadline).toBe(29_935_440n)
    for (const [from, to] of [
      ['12.345678', '012.345678'],
      ['12.345678', '12.34567'],
      ['12.345678', '12,345678'],
      ['8453', '08453'],
      ['number 7', 'number +7'],
      ['2026-12-01', '2026-11-31'],
      ['12:00', '11:60'],
      ['0x7099', '0X7099'],
      ['dc79c8', 'DC79C8'],
      ['claim', 'Claim'],
      ['claim', 'give'],
    ] as const) {
      expect(good).toContain(from)
      expect(readSentence(good.replace(from, to))).toBeNull()
    }
  })
})

describe('the judge of sentences', () => {
  const drawn = sentenceDraws['claim']!(network, () => 0.7)
  const judge = (text: string, rebuilt = text) => judgeSentence(text, rebuilt, drawn.fields)

  it('finds nothing wrong with what is right', () => {
    expect(judge(drawn.text)).toEqual([])
  })

  it('sees a byte that Solidity writes differently', () => {
    expect(judge(drawn.text, drawn.text.replace('to 0x', 'to 0X'))).toEqual(['solidity'])
  })

  it('sees a text that both sides agree on and that says something else', () => {
    expect(judge(drawn.text.replace('claim', 'transfer'))).toContain('second reader')
  })

  it('sees blank lines, strange characters and too many bytes', () => {
    expect(judge(drawn.text.replace('\n', '\n\n'))).toContain('characters')
    expect(judge(drawn.text.replace('to', 'tö'))).toContain('characters')
    expect(judge(`${drawn.text}${' '.repeat(100)}`)).toContain('bytes')
  })

  it('sees a recipient that is pushed off the first page, and an amount that is broken', () => {
    expect(judge(drawn.text.replace('\nto', '\nthis is the account to'))).toContain('paging')
    expect(judge(drawn.text.replace('.', '0000000000.'))).toContain('paging')
  })
})
