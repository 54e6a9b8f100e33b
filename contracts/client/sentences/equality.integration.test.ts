import { dataSlice, getAddress, hexlify, randomBytes } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestChain, type TestChain } from '../../script/testing/practice-chain.ts'
import { readPayout } from '../payouts.ts'
import { readContract } from '../read-contract.ts'
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
} from './index.ts'

/** Samples per kind and profile; each is one call to the contract that will rebuild the text. */
const samples = 250

let chains: TestChain[]

beforeAll(async () => {
  chains = await Promise.all([startTestChain(), startTestChain({ profile: 'real' })])
}, 30_000)

afterAll(async () => {
  await Promise.all(chains.map((test) => test.stop()))
})

function randomBelow(limit: bigint): bigint {
  return BigInt(hexlify(randomBytes(8))) % limit
}

/** Small, middling and large values alike: digits matter, not magnitudes. */
function randomMicro(): bigint {
  return randomBelow(10n ** (1n + randomBelow(13n)))
}

function randomTerms(): { number: number; deadlineMinutes: number; deadlineSeconds: number } {
  const deadlineMinutes = Number(randomBelow(4_200_000_000n))
  return { number: Number(randomBelow(4_294_967_296n)), deadlineMinutes, deadlineSeconds: deadlineMinutes * 60 }
}

function randomAccount(): string {
  return getAddress(dataSlice(hexlify(randomBytes(32)), 12))
}

async function compareAll(work: (test: TestChain) => Promise<[string, string]>): Promise<void> {
  for (const test of chains) {
    for (let done = 0; done < samples; done += 25) {
      const pairs = await Promise.all(Array.from({ length: 25 }, () => work(test)))
      for (const [ours, theirs] of pairs) expect(ours).toBe(theirs)
    }
  }
}

describe('the text that Solidity rebuilds is ours byte for byte', () => {
  it('claim', async () => {
    await compareAll(async (test) => {
      const [terms, micro, to] = [randomTerms(), randomMicro(), randomAccount()]
      const args = [to, micro, terms.number, terms.deadlineMinutes]
      const [theirs] = await readContract(test.chain, 'Payments', 'claimSentence', args)
      return [composeClaimSentence(test.network, { ...terms, micro, to }), String(theirs)]
    })
  })

  it('transfer', async () => {
    await compareAll(async (test) => {
      const [terms, micro, to] = [randomTerms(), randomMicro(), randomAccount()]
      const args = [to, micro, terms.number, terms.deadlineMinutes]
      const [theirs] = await readContract(test.chain, 'HearthToken', 'transferSentence', args)
      return [composeTransferSentence(test.network, { ...terms, micro, to }), String(theirs)]
    })
  })

  it('stake', async () => {
    await compareAll(async (test) => {
      const [terms, micro, operator] = [randomTerms(), randomMicro(), randomAccount()]
      const args = [operator, micro, terms.number, terms.deadlineMinutes]
      const [theirs] = await readContract(test.chain, 'Payments', 'stakeSentence', args)
      return [composeStakeSentence(test.network, { ...terms, micro, operator }), String(theirs)]
    })
  })

  it('unstake', async () => {
    await compareAll(async (test) => {
      const [terms, micro, operator] = [randomTerms(), randomMicro(), randomAccount()]
      const args = [operator, micro, terms.number, terms.deadlineMinutes]
      const [theirs] = await readContract(test.chain, 'Registry', 'unstakeSentence', args)
      return [composeUnstakeSentence(test.network, { ...terms, micro, operator }), String(theirs)]
    })
  })

  it('payout, with the wait of its deployment', async () => {
    const waits = await Promise.all(chains.map((test) => readPayout(test.chain, randomAccount())))
    expect(waits.map(({ waitSeconds }) => waitSeconds)).toEqual([60, 72 * 3600])
    await compareAll(async (test) => {
      const { waitSeconds } = waits[chains.indexOf(test)]!
      const [terms, to] = [randomTerms(), randomAccount()]
      const args = [to, terms.number, terms.deadlineMinutes]
      const [theirs] = await readContract(test.chain, 'Payments', 'payoutSentence', args)
      return [composePayoutSentence(test.network, { ...terms, to, waitSeconds }), String(theirs)]
    })
  })

  it('cancel payout', async () => {
    await compareAll(async (test) => {
      const [terms, to] = [randomTerms(), randomAccount()]
      const args = [to, terms.number, terms.deadlineMinutes]
      const [theirs] = await readContract(test.chain, 'Payments', 'cancelPayoutSentence', args)
      return [composeCancelPayoutSentence(test.network, { ...terms, to }), String(theirs)]
    })
  })

  it('revoke', async () => {
    await compareAll(async (test) => {
      const node = randomAccount()
      const [theirs] = await readContract(test.chain, 'Registry', 'revokeSentence', [node])
      return [composeRevokeSentence(test.network, { node }), String(theirs)]
    })
  })

  it('authorize, with any set of roles', async () => {
    await compareAll(async (test) => {
      const terms = randomTerms()
      const [riskMicro, spendPerDayMicro] = [randomMicro(), randomMicro()]
      const mask = 1n + randomBelow(31n)
      const roles = chainRoleNames.filter((_role, index) => (mask >> BigInt(index)) & 1n)
      const nodes = roles.map((role) => ({ role, node: randomAccount() }))
      const bindings = nodes.map(({ role, node }) => [node, chainRoleNames.indexOf(role), '0x', '0x'])
      const { number, deadlineMinutes } = terms
      const tuple = [randomAccount(), bindings, riskMicro, spendPerDayMicro, number, deadlineMinutes]
      const [theirs] = await readContract(test.chain, 'Registry', 'authorizeSentence', [tuple])
      return [composeAuthorizeSentence(test.network, { ...terms, nodes, riskMicro, spendPerDayMicro }), String(theirs)]
    })
  })
})
