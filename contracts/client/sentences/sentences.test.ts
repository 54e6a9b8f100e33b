import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pagesOf, touchScreen, twoButtonScreen } from '../../../main/api/device-pages.ts'
import type { NetworkFile } from '../network-file.ts'
import { chainRoleNames } from '../roles.ts'
import {
  composeAuthorizeSentence,
  composeCancelPayoutSentence,
  composeClaimSentence,
  composePayoutSentence,
  composeRevokeSentence,
  composeTransferSentence,
  composeStakeSentence,
  composeUnstakeSentence,
  formatMicro,
  formatMinute,
  microTokens,
  parseMicro,
  sentenceDeadline,
} from './index.ts'

const account = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const contract = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const addresses = {
  HearthToken: contract,
  Registry: contract,
  Seeds: contract,
  Payments: contract,
  StorageMarket: contract,
  Stewardship: contract,
  RepairFund: contract,
  Rewards: contract,
  RenderPool: contract,
  RenderMarket: `0x${'d'.repeat(40)}`,
  RenderPanel: contract,
  EnergyCertificates: contract,
  EnergyMarket: `0x${'e'.repeat(40)}`,
}

const real: NetworkFile = {
  formatVersion: 1,
  practice: false,
  name: 'Base',
  symbol: 'HRTH',
  chainId: 8453,
  genesisHash: `0x${'11'.repeat(32)}`,
  rpcUrls: ['https://rpc.example'],
  contracts: addresses,
  deployedAtBlock: 1,
  bootstrapPeers: [],
  journeyUrl: null,
  nativeWeiPerToken: '1',
}
const practice: NetworkFile = { ...real, practice: true, symbol: 'PLAY' }
const deadlineSeconds = Date.UTC(2026, 11, 1, 12) / 1000
const terms = { number: 7, deadlineSeconds }
const payment = { ...terms, micro: 12_345_678n, to: account }
const nodes = chainRoleNames.map((role, index) => ({ role, node: `0x${String(index + 1).repeat(40)}` }))
const consent = { ...terms, nodes, riskMicro: 100_000_000n, spendPerDayMicro: 1_000_000n }

describe('claim', () => {
  it('is the text of the fixture', () => {
    expect(composeClaimSentence(real, payment)).toBe(
      [
        'Hearth: claim',
        '12.345678 HRTH',
        'to 0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
        'Chain 8453, number 7',
        'Until 2026-12-01 12:00 UTC',
        'Contract 0x5fbdb2315678afecb367f032d93f642f64180aa3',
      ].join('\n'),
    )
  })

  it('shows verb, amount and the whole recipient on the first page of a touch screen', () => {
    expect(pagesOf(composeClaimSentence(real, payment), touchScreen)[0]).toEqual([
      'Hearth: claim',
      '12.345678 HRTH',
      'to',
      '0x70997970c51812dc3',
      'a010c7d01b50e0d17dc',
      '79c8',
    ])
  })

  it('pushes only the end of the recipient to page two on practice', () => {
    const [first, second] = pagesOf(composeClaimSentence(practice, payment), touchScreen)
    expect(first!.slice(0, 3)).toEqual(['PRACTICE, no value', 'Hearth: claim', '12.345678 PLAY'])
    expect(second![0]).toBe('79c8')
  })

  it('reads well run together on a two-button screen', () => {
    expect(pagesOf(composeClaimSentence(real, payment), twoButtonScreen)[0]).toEqual([
      'Hearth: claim',
      '12.345678 HRTH to',
      '0x70997970c51812dc',
    ])
  })
})

describe('transfer', () => {
  it('differs from a claim in its verb alone', () => {
    const claim = composeClaimSentence(real, payment)
    expect(composeTransferSentence(real, payment)).toBe(claim.replace('claim', 'transfer'))
  })
})

describe('authorize', () => {
  it('shows verb, risk and spend on the first page of a touch screen', () => {
    expect(pagesOf(composeAuthorizeSentence(real, consent), touchScreen)[0]).toEqual([
      'Hearth: authorize',
      'May risk 100.000000',
      'HRTH',
      'May spend 1.000000',
      'HRTH a day',
      'as storage, render,',
    ])
  })

  it('shows risk and spend before the code on practice, all on the first page', () => {
    const [first] = pagesOf(composeAuthorizeSentence(practice, consent), touchScreen)
    expect(first).toEqual([
      'PRACTICE, no value',
      'Hearth: authorize',
      'May risk 100.000000',
      'PLAY',
      'May spend 1.000000',
      'PLAY a day',
    ])
  })

  it('refuses two keys for a role and falling roles', () => {
    expect(() => composeAuthorizeSentence(real, { ...consent, nodes: [nodes[1]!, nodes[1]!] })).toThrow(RangeError)
    expect(() => composeAuthorizeSentence(real, { ...consent, nodes: [nodes[1]!, nodes[0]!] })).toThrow(RangeError)
    expect(() => composeAuthorizeSentence(real, { ...consent, nodes: [] })).toThrow(RangeError)
  })
})

describe('revoke', () => {
  it('shows verb, the whole key and the chain on the first page of a touch screen', () => {
    expect(pagesOf(composeRevokeSentence(real, { node: account }), touchScreen)[0]).toEqual([
      'Hearth: revoke',
      'for ever this key',
      '0x70997970c51812dc3',
      'a010c7d01b50e0d17dc',
      '79c8',
      'Chain 8453',
    ])
  })
})

const staking = { ...terms, micro: 12_345_678n, operator: account }

describe('stake', () => {
  it('shows verb, amount, market and the whole operator on the first page of a touch screen', () => {
    expect(pagesOf(composeStakeSentence(real, staking), touchScreen)[0]).toEqual([
      'Hearth: stake',
      '12.345678 HRTH',
      'for storage by',
      '0x70997970c51812dc3',
      'a010c7d01b50e0d17dc',
      '79c8',
    ])
  })

  it('reads well run together on a two-button screen', () => {
    expect(pagesOf(composeStakeSentence(real, staking), twoButtonScreen)[0]).toEqual([
      'Hearth: stake',
      '12.345678 HRTH for',
      'storage by',
    ])
  })
})

describe('unstake', () => {
  it('shows verb, amount, market and the whole operator on the first page of a touch screen', () => {
    expect(pagesOf(composeUnstakeSentence(real, staking), touchScreen)[0]).toEqual([
      'Hearth: unstake',
      '12.345678 HRTH',
      'from storage by',
      '0x70997970c51812dc3',
      'a010c7d01b50e0d17dc',
      '79c8',
    ])
  })

  it('pushes only the end of the operator to page two on practice', () => {
    const [first, second] = pagesOf(composeUnstakeSentence(practice, staking), touchScreen)
    expect(first!.slice(0, 4)).toEqual(['PRACTICE, no value', 'Hearth: unstake', '12.345678 PLAY', 'from storage by'])
    expect(second![0]).toBe('79c8')
  })

  it('reads well run together on a two-button screen', () => {
    expect(pagesOf(composeUnstakeSentence(real, staking), twoButtonScreen)[0]).toEqual([
      'Hearth: unstake',
      '12.345678 HRTH',
      'from storage by',
    ])
  })
})

const change = { ...terms, to: account, waitSeconds: 72 * 3600 }

describe('payout', () => {
  it('shows verb, the whole address and the wait on the first page of a touch screen', () => {
    expect(pagesOf(composePayoutSentence(real, change), touchScreen)[0]).toEqual([
      'Hearth: payout',
      'my claims go to',
      '0x70997970c51812dc3',
      'a010c7d01b50e0d17dc',
      '79c8',
      'after 72 hours',
    ])
  })

  it('pushes only the wait to page two on practice, and says seconds where it is no whole hour', () => {
    const [first, second] = pagesOf(composePayoutSentence(practice, { ...change, waitSeconds: 60 }), touchScreen)
    expect(first!.slice(0, 3)).toEqual(['PRACTICE, no value', 'Hearth: payout', 'my claims go to'])
    expect(first!.at(-1)).toBe('79c8')
    expect(second![0]).toBe('after 60 seconds')
  })

  it('reads well run together on a two-button screen', () => {
    expect(pagesOf(composePayoutSentence(real, change), twoButtonScreen)[0]).toEqual([
      'Hearth: payout my',
      'claims go to',
      '0x70997970c51812dc',
    ])
  })
})

describe('cancel payout', () => {
  it('shows verb and the whole address on the first page of a touch screen', () => {
    expect(pagesOf(composeCancelPayoutSentence(real, change), touchScreen)[0]).toEqual([
      'Hearth: cancel',
      'payout',
      'to',
      '0x70997970c51812dc3',
      'a010c7d01b50e0d17dc',
      '79c8',
    ])
  })

  it('reads well run together on a two-button screen', () => {
    expect(pagesOf(composeCancelPayoutSentence(real, change), twoButtonScreen)[0]).toEqual([
      'Hearth: cancel',
      'payout to',
      '0x70997970c51812dc',
    ])
  })
})

describe('every sentence', () => {
  it('has a verb line of its own', () => {
    const verbs = [
      composeClaimSentence(real, payment),
      composeTransferSentence(real, payment),
      composeStakeSentence(real, staking),
      composeUnstakeSentence(real, staking),
      composePayoutSentence(real, change),
      composeCancelPayoutSentence(real, change),
      composeRevokeSentence(real, { node: account }),
      composeAuthorizeSentence(real, consent),
    ].map((text) => text.split('\n')[0])
    expect(new Set(verbs).size).toBe(verbs.length)
  })

  it('is printable ASCII without blank lines, within its bytes, even at its longest', () => {
    const longest = { number: 4_294_967_295, deadlineSeconds }
    const wide: NetworkFile = { ...practice, chainId: 2 ** 48 - 1, symbol: 'PLAY.6' }
    const largest = 10n ** 13n - 1n
    const texts = [
      composeClaimSentence(wide, { ...longest, micro: largest, to: account }),
      composeTransferSentence(wide, { ...longest, micro: largest, to: account }),
      composeStakeSentence(wide, { ...longest, micro: largest, operator: account }),
      composeUnstakeSentence(wide, { ...longest, micro: largest, operator: account }),
      composePayoutSentence(wide, { ...longest, to: account, waitSeconds: 4_294_967_295 }),
      composeCancelPayoutSentence(wide, { ...longest, to: account }),
      composeRevokeSentence(wide, { node: account }),
      composeAuthorizeSentence(wide, { ...longest, nodes, riskMicro: largest, spendPerDayMicro: largest }),
    ]
    for (const text of texts) expect(text).toMatch(/^([\x20-\x7e]+\n)+[\x20-\x7e]+$/)
    expect(texts.slice(0, -1).every((text) => text.length <= 240)).toBe(true)
    expect(texts.at(-1)!.length).toBeLessThanOrEqual(320)
  })
})

describe('amounts and times', () => {
  it('names whole micro-tokens', () => {
    expect([0n, 1n, 999_999n, 1_000_000n].map(formatMicro)).toEqual(['0.000000', '0.000001', '0.999999', '1.000000'])
    expect(microTokens(1_999_999_999_999n)).toBe(1n)
    expect(() => formatMicro(-1n)).toThrow(RangeError)
    expect(() => formatMicro(10n ** 13n)).toThrow(RangeError)
  })

  it('reads an amount that a person wrote, and nothing that is not plainly one', () => {
    fc.assert(fc.property(fc.bigInt(0n, 10n ** 13n - 1n), (micro) => parseMicro(formatMicro(micro)) === micro))
    expect(['12', '0.5', '7.000001'].map(parseMicro)).toEqual([12_000_000n, 500_000n, 7_000_001n])
    for (const text of ['', '-1', '+1', '01', '1.', '.5', '1e3', '1,5', '0.0000001', ' 1', '10000000'])
      expect(parseMicro(text)).toBeNull()
  })

  it('sets deadlines a day ahead in whole minutes', () => {
    expect(sentenceDeadline(1_800_000_059)).toBe(1_800_086_400)
    expect(formatMinute(1_800_086_400)).toBe('2027-01-16 08:00 UTC')
    expect(() => formatMinute(1_800_086_401)).toThrow(RangeError)
  })
})
