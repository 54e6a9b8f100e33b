import { getBytes, Wallet } from 'ethers'
import { describe, expect, it } from 'vitest'
import { auditResultTypedData, type AuditResult } from '../../../contracts/client/index.ts'
import { testNetwork as network } from '../../vouchers/testing/test-network.ts'
import type { AuditRecord } from '../protocol/audit-record.ts'
import { weighRecords } from './hear-reputation.ts'

const walletOf = (digit: string): Wallet => new Wallet(`0x${digit.repeat(64)}`)
const [node, alice, bob, sybil, self] = ['1', '2', '3', '4', '5'].map(walletOf) as [
  Wallet,
  Wallet,
  Wallet,
  Wallet,
  Wallet,
]
const sets = [
  { customer: alice.address, state: 'active' as const, pricePerPeriodWei: 900n },
  { customer: bob.address, state: 'active' as const, pricePerPeriodWei: 99n },
  { customer: sybil.address, state: 'active' as const, pricePerPeriodWei: 1n },
]
const listener = { network, self: self.address }

async function signed(customer: Wallet, change: Partial<AuditResult> = {}, as: Wallet = node): Promise<AuditRecord> {
  const counts = { asked: 8, right: 8, late: 0, wrong: 0, silent: 0, latencyMs: 20 }
  const result = { customer: customer.address, node: node.address, period: 7, atSeconds: 1_000, ...counts, ...change }
  const { domain, types, value } = auditResultTypedData(network, result)
  const customerSignature = getBytes(await customer.signTypedData(domain, types, value))
  return { ...result, customerSignature, nodeSignature: getBytes(await as.signTypedData(domain, types, value)) }
}

describe('what a provider shows of itself', () => {
  it('weighs as much as its customer pays there, and a quarter at most', async () => {
    const heard = weighRecords([await signed(alice), await signed(bob), await signed(sybil)], sets, listener)
    expect(heard.map(({ weight }) => weight)).toEqual([0.25, 0.099, 0.001])
  })

  it('counts for nothing when it is forged, changed, of a stranger, or half signed', async () => {
    const good = await signed(alice)
    const forged: AuditRecord[] = [
      { ...good, right: 7, wrong: 1 },
      { ...good, customer: bob.address },
      { ...good, nodeSignature: good.customerSignature },
      { ...good, customerSignature: new Uint8Array(65) },
      { ...good, nodeSignature: null },
      await signed(alice, { right: 9 }),
      await signed(alice, {}, bob),
      await signed(walletOf('9')),
    ]
    expect(weighRecords(forged, sets, listener)).toEqual([])
    const elsewhere = { ...listener, network: { ...network, chainId: 1 } }
    expect(weighRecords([good], sets, elsewhere)).toEqual([])
  })

  it('counts for nothing once its customer pays there no more, and never twice for the listener', async () => {
    const ended = [{ ...sets[0]!, state: 'ended' as const }, sets[1]!]
    expect(weighRecords([await signed(alice)], ended, listener)).toEqual([])
    const withSelf = [...sets, { customer: self.address, state: 'active' as const, pricePerPeriodWei: 500n }]
    expect(weighRecords([await signed(self)], withSelf, listener)).toEqual([])
  })
})
