import fc from 'fast-check'
import { Wallet } from 'ethers'
import { describe, expect, test } from 'vitest'
import type { Chain, NetworkFile } from '../../../contracts/client/index.ts'
import { roleNames, type RoleName } from '../../../roles/api/roles.ts'
import type { ConsentRequest } from '../../api/wallet.ts'
import type { StoredKey } from '../../store/index.ts'
import { composeConsent, termsOf } from './compose-consent.ts'
import { confirmedAfter, confirmedNow } from './confirmed-payout.ts'
import type { ConsentGround, ConsentSubject } from './consent-ground.ts'
import { consentWarnings, isPayoutStrange, type WarningFacts } from './consent-warnings.ts'

const address = fc.bigInt(1n, 2n ** 160n - 1n).map((value) => `0x${value.toString(16).padStart(40, '0')}`)
const micro = fc.bigInt(1n, 10n ** 13n - 1n).map(String)
const contract = `0x${'c0'.repeat(20)}`

const network: NetworkFile = {
  ...{ formatVersion: 1, practice: false, name: 'Test', symbol: 'HRTH', chainId: 8453 },
  ...{ genesisHash: `0x${'11'.repeat(32)}`, rpcUrls: ['https://rpc.example'], deployedAtBlock: 1 },
  ...{ bootstrapPeers: [], journeyUrl: null, nativeWeiPerToken: '1000000000000000' },
  contracts: {
    ...{ HearthToken: contract, Registry: contract, Seeds: contract, Payments: contract, StorageMarket: contract },
    ...{ Stewardship: contract, RepairFund: contract, Rewards: contract },
    ...{ RenderPool: contract, RenderMarket: contract, RenderPanel: contract },
    ...{ EnergyCertificates: contract, EnergyMarket: contract },
  },
}

function keyOf(role: RoleName, index: number): StoredKey {
  const wallet = new Wallet(`0x${String(index + 1).padStart(64, '0')}`)
  const bytes = new Uint8Array(0)
  return { kind: role, privateKey: bytes, publicKey: bytes, privateKeyHex: wallet.privateKey, address: wallet.address }
}

const roleKeys = Object.fromEntries(
  roleNames.map((role, index) => [role, keyOf(role, index)]),
) as ConsentSubject['roleKeys']
const operator = Wallet.createRandom().address
const subject: ConsentSubject = { chain: { network } as Chain, operator, roleKeys }

const ground = (payout: string): ConsentGround => ({
  block: { number: 9, hash: `0x${'22'.repeat(32)}`, timestampSeconds: 1_800_000_000 },
  nextNumber: 4,
  payout: { to: payout, change: null, waitSeconds: 60 },
  availableWei: null,
  gasPriceWei: 7n,
})

const requests: fc.Arbitrary<ConsentRequest> = fc.oneof(
  fc.constant({ kind: 'authorize' } as const),
  fc.constantFrom(...roleNames).map((role) => ({ kind: 'revoke', role }) as const),
  fc.record({ kind: fc.constant('claim' as const), micro }),
  fc.record({ kind: fc.constant('transfer' as const), to: address, micro }),
  fc.record({ kind: fc.constant('payout' as const), to: address }),
  fc.record({ kind: fc.constantFrom('stake' as const, 'unstake' as const), micro }),
)

describe('a sentence', () => {
  test('is the same each time it is composed from the same state, so that main can compare it byte for byte', () => {
    fc.assert(
      fc.property(requests, address, (request, payout) => {
        const terms = termsOf(request, ground(payout))
        const once = composeConsent(subject, request, ground(payout), terms)
        const again = composeConsent(subject, request, ground(payout), terms)
        expect(again.text).toBe(once.text)
        expect(again.callWith('0x01')).toEqual(once.callWith('0x01'))
      }),
      { numRuns: 60 },
    )
  })

  test('differs whenever what is asked for differs', () => {
    fc.assert(
      fc.property(requests, requests, address, (left, right, payout) => {
        fc.pre(JSON.stringify(left) !== JSON.stringify(right))
        const text = (request: ConsentRequest) =>
          composeConsent(subject, request, ground(payout), termsOf(request, ground(payout))).text
        expect(text(left)).not.toBe(text(right))
      }),
      { numRuns: 60 },
    )
  })

  test('names the payout of the chain for a claim: a request has no way to name another', () => {
    fc.assert(
      fc.property(micro, address, address, (amount, payout, thief) => {
        fc.pre(payout !== thief)
        const request = { kind: 'claim', micro: amount, to: thief } as ConsentRequest
        const composed = composeConsent(subject, request, ground(payout), termsOf(request, ground(payout)))
        expect(composed.recipient).toBe(payout)
        expect(composed.text).toContain(`to ${payout}`)
        expect(composed.text).not.toContain(thief)
      }),
    )
  })

  test('has the next number and a day to land; a revocation has neither', () => {
    const deadlineSeconds = Math.floor((1_800_000_000 + 86_400) / 60) * 60
    expect(termsOf({ kind: 'authorize' }, ground(operator))).toEqual({ number: 4, deadlineSeconds })
    const none = { number: null, deadlineSeconds: null }
    expect(termsOf({ kind: 'revoke', role: 'relay' }, ground(operator))).toEqual(none)
  })
})

const facts: WarningFacts = {
  request: { kind: 'claim', micro: '1000000' },
  operator,
  nowSeconds: 1_800_000_000,
  blockSeconds: 1_800_000_000,
  gasWei: 1n,
  nativeWeiPerToken: 10n ** 15n,
  payout: { to: operator, change: null, waitSeconds: 60 },
  confirmed: { current: null, next: null },
  hardware: true,
}
const codes = (change: Partial<WarningFacts>) => consentWarnings({ ...facts, ...change }).map(({ code }) => code)

describe('warnings', () => {
  test('none when all is as it should be', () => {
    expect(codes({})).toEqual([])
  })

  test('gas above a quarter of the amount, never at or below it', () => {
    // A token is 10^15 wei of the chain's coin here, so a quarter of one is 0.25 x 10^15.
    expect(codes({ gasWei: 250_000_000_000_000n })).toEqual([])
    expect(codes({ gasWei: 250_000_000_000_001n })).toEqual(['gasDear'])
    expect(codes({ gasWei: 10n ** 30n, nativeWeiPerToken: 0n })).toEqual([])
    expect(codes({ gasWei: 10n ** 30n, request: { kind: 'authorize' } })).toEqual([])
  })

  test('a clock that is off by more than ten minutes, either way', () => {
    expect(codes({ nowSeconds: facts.blockSeconds + 600 })).toEqual([])
    expect(codes({ nowSeconds: facts.blockSeconds + 601 })).toEqual(['clockOff'])
    expect(codes({ nowSeconds: facts.blockSeconds - 601 })).toEqual(['clockOff'])
  })

  test('a payout that no device of this computer confirmed', () => {
    fc.assert(
      fc.property(address, address, address, (payout, confirmed, next) => {
        fc.pre(new Set([payout, confirmed, next, operator.toLowerCase()]).size === 4)
        const strange = (record: WarningFacts['confirmed']) => isPayoutStrange(payout, operator, record)
        expect(strange({ current: null, next: null })).toBe(true)
        expect(strange({ current: confirmed, next })).toBe(true)
        expect(strange({ current: payout, next: null })).toBe(false)
        expect(strange({ current: confirmed, next: payout })).toBe(false)
        expect(isPayoutStrange(operator, operator, { current: null, next: null })).toBe(false)
        // Once another address was confirmed, a chain that says the old one is strange too.
        expect(isPayoutStrange(operator, operator, { current: confirmed, next: null })).toBe(true)
        expect(codes({ payout: { ...facts.payout, to: payout } })).toEqual(['payoutDiffers'])
        const change = { address: payout, effectiveAtSeconds: 1 }
        expect(codes({ payout: { ...facts.payout, change } })).toEqual(['payoutChangeStrange'])
      }),
    )
  })

  test('anything but a hardware wallet', () => {
    expect(codes({ hardware: false })).toEqual(['notHardware'])
  })
})

describe('the payout that the device confirmed', () => {
  const none = { current: null, next: null }

  test('is the recipient of a claim, and of a payout change once it is in effect', () => {
    fc.assert(
      fc.property(address, address, (old, to) => {
        fc.pre(old !== to)
        const claimed = confirmedAfter(none, { request: { kind: 'claim', micro: '1' }, recipient: old })
        expect(claimed).toEqual({ current: old, next: null })
        const announced = confirmedAfter(claimed, { request: { kind: 'payout', to }, recipient: to })
        expect(announced).toEqual({ current: old, next: to })
        expect(confirmedNow(announced, { to: old })).toEqual(announced)
        expect(confirmedNow(announced, { to: to.toUpperCase().replace('0X', '0x') })).toEqual({
          current: to,
          next: null,
        })
        expect(confirmedAfter(announced, { request: { kind: 'cancelPayout' }, recipient: null })).toEqual(claimed)
        const arrived = confirmedAfter(announced, { request: { kind: 'claim', micro: '1' }, recipient: to })
        expect(arrived).toEqual({ current: to, next: null })
      }),
    )
  })

  test('never comes from a transfer', () => {
    fc.assert(
      fc.property(address, micro, (to, amount) => {
        const request = { kind: 'transfer', to, micro: amount } as const
        expect(confirmedAfter(none, { request, recipient: to })).toEqual(none)
      }),
    )
  })
})
