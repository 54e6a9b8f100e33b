import { randomBytes } from 'node:crypto'
import { dataSlice, SigningKey, Wallet } from 'ethers'
import { expect, it } from 'vitest'
import type { RepairTicket } from '../protocol/repair-ticket.ts'
import { openTicket, sealTicket } from './repair-ticket-file.ts'

const repairer = new Wallet(Wallet.createRandom().privateKey)
const publicKey = dataSlice(SigningKey.computePublicKey(repairer.privateKey, false), 1)
const address = (digit: string): string => `0x${digit.repeat(40)}`
const piece = { index: 3, node: address('1'), operator: address('2'), root: new Uint8Array(randomBytes(32)) }
const ticket: RepairTicket = {
  formatVersion: 1,
  chainId: 31337,
  market: address('3'),
  customer: address('4'),
  repairer: repairer.address,
  createdAtSeconds: 1_800_000_000,
  bytes: 1_000,
  k: 4,
  n: 12,
  segments: [{ maskKey: new Uint8Array(randomBytes(32)), pieces: [piece] }],
}

it('comes out as it went in for the one it is sealed to', () => {
  expect(openTicket(sealTicket(ticket, publicKey), repairer.privateKey)).toEqual(ticket)
})

it('differs every time it is sealed', () => {
  expect(sealTicket(ticket, publicKey)).not.toEqual(sealTicket(ticket, publicKey))
})

it('tells a stranger nothing', () => {
  const stranger = Wallet.createRandom().privateKey
  expect(() => openTicket(sealTicket(ticket, publicKey), stranger)).toThrow('another repairer')
})

it('is refused with any byte changed', () => {
  const sealed = sealTicket(ticket, publicKey)
  for (let at = 0; at < sealed.length; at += 7) {
    const changed = Uint8Array.from(sealed)
    changed[at]! ^= 1
    expect(() => openTicket(changed, repairer.privateKey)).toThrow()
  }
})

it('is refused when it is cut off or something else', () => {
  const sealed = sealTicket(ticket, publicKey)
  expect(() => openTicket(sealed.subarray(0, 60), repairer.privateKey)).toThrow()
  expect(() => openTicket(new Uint8Array(500), repairer.privateKey)).toThrow('not a repair ticket')
})

it('is refused when it names another repairer than the one who can open it', () => {
  const other = { ...ticket, repairer: address('9') }
  expect(() => openTicket(sealTicket(other, publicKey), repairer.privateKey)).toThrow('contradicts itself')
})
