import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { Wallet } from 'ethers'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../persistence/index.ts'
import { openCustomerVoucherBook } from './customer-voucher-book.ts'
import { createNodeVoucherStore, voucherMigrations } from './node-voucher-store.ts'
import { readUnredeemedWei } from './read-unredeemed.ts'
import { verifyVoucher } from './verify-voucher.ts'
import { testNetwork } from './testing/test-network.ts'
import { creditBytes, type SignedVoucher } from './voucher.ts'

const top = mkdtempSync(join(tmpdir(), 'hearth-vouchers-'))
afterAll(() => rmSync(top, { recursive: true, force: true }))

const network = testNetwork
const wallet = new Wallet(`0x${'11'.repeat(32)}`)
const node = new Wallet(`0x${'22'.repeat(32)}`).address
const nowSeconds = Math.floor(Date.now() / 1000)
let path = ''
let runs = 0
beforeEach(() => {
  path = join(top, String(runs++))
})

const openBook = (name = 'book') => openCustomerVoucherBook({ path: join(path, name), network, wallet })
const openStore = () => {
  const database = openDatabase(join(path, 'node'), voucherMigrations)
  return { store: createNodeVoucherStore(database, network, node), close: () => database.close() }
}
const request = (voucher: SignedVoucher | null, priceWei: bigint, lengthBytes = creditBytes) => ({
  customer: wallet.address,
  lengthBytes,
  priceWei,
  lockedWei: 1_000_000n,
  voucher,
  nowSeconds,
  creditBytes,
})

describe('vouchers', () => {
  it('are valid only as signed: for this customer, node, lane, total, expiry, chain and contract', async () => {
    const voucher = await openBook().pay(node, 500n)
    expect(verifyVoucher(network, voucher, voucher.signature)).toBe(true)
    const changes: Partial<SignedVoucher>[] = [
      { customer: node },
      { node: wallet.address },
      { lane: `0x${'0'.repeat(64)}` },
      { cumulativeWei: 501n },
      { expirySeconds: voucher.expirySeconds + 1 },
    ]
    for (const change of changes)
      expect(verifyVoucher(network, { ...voucher, ...change }, voucher.signature)).toBe(false)
    expect(verifyVoucher({ ...network, chainId: 4243 }, voucher, voucher.signature)).toBe(false)
    const elsewhere = { ...network, contracts: { ...network.contracts, Payments: `0x${'9'.repeat(40)}` } }
    expect(verifyVoucher(elsewhere, voucher, voucher.signature)).toBe(false)
  })

  it('with a signature that the contract would refuse are refused: high s, odd v, wrong length, noise', async () => {
    const voucher = await openBook().pay(node, 500n)
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const s = BigInt(`0x${Buffer.from(voucher.signature.subarray(32, 64)).toString('hex')}`)
    const high = Buffer.from(voucher.signature)
    high.write((order - s).toString(16).padStart(64, '0'), 32, 'hex')
    high[64] = high[64] === 27 ? 28 : 27
    const zeroV = Buffer.from(voucher.signature)
    zeroV[64] = 0
    for (const signature of [high, zeroV, voucher.signature.subarray(1), new Uint8Array(65)]) {
      expect(verifyVoucher(network, voucher, signature)).toBe(false)
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 65, maxLength: 65 }), (noise) => !verifyVoucher(network, voucher, noise)),
    )
  })
})

describe('a customer’s book', () => {
  it('2.2 counts up, never signs one total for two payments made at once, and uses a new lane when opened anew', async () => {
    const book = openBook()
    const both = await Promise.all([book.pay(node, 10n), book.pay(node, 20n)])
    expect(both.map((voucher) => voucher.cumulativeWei)).toEqual([10n, 30n])
    book.close()
    const again = openBook()
    expect(again.lane).not.toBe(book.lane)
    expect((await again.pay(node, 5n)).cumulativeWei).toBe(5n)
    expect(again.issuedWei(node)).toBe(35n)
    expect(() => again.pay(node, -1n)).toThrow()
    again.close()
  })

  it('2.2 takes over its own higher total from a node, and nobody else’s', async () => {
    const book = openBook()
    const shown = await book.pay(node, 900n)
    expect(() => book.resynchronize(node, { ...shown, cumulativeWei: 5_000n })).toThrow(
      expect.objectContaining({ code: 'VOUCHER_FORGED' }),
    )
    expect(() => book.resynchronize(wallet.address, shown)).toThrow(expect.objectContaining({ code: 'VOUCHER_FORGED' }))
    book.resynchronize(node, shown)
    expect(book.cumulativeWei(node)).toBe(900n)
    book.close()
  })
})

describe('2.2 a customer that lost its book', () => {
  it('learns from the node’s own record what it signed, lane by lane, and believes no forged one', async () => {
    const { store, close } = openStore()
    const lost = openBook('lost')
    store.charge(request(await lost.pay(node, 300n), 300n))
    lost.close()
    const anew = openBook('anew')
    expect(anew.issuedWei(node)).toBe(0n)
    const shown = store.largestOpen(wallet.address)!
    expect(() => anew.resynchronize(node, { ...shown, cumulativeWei: 900n })).toThrow(
      expect.objectContaining({ code: 'VOUCHER_FORGED' }),
    )
    anew.resynchronize(node, shown)
    expect(anew.issuedWei(node)).toBe(300n)
    expect(anew.cumulativeWei(node)).toBe(0n)
    expect(store.charge(request(await anew.pay(node, 40n), 40n))).toEqual({ kind: 'paid' })
    expect(anew.issuedWei(node)).toBe(340n)
    expect(store.unredeemedWei()).toBe(340n)
    close()
    anew.close()
  })
})

describe('a node’s store', () => {
  it('books trust, then asks, then takes the voucher that covers debt and price, and survives a restart', async () => {
    const book = openBook()
    const first = openStore()
    expect(first.store.charge(request(null, 100n))).toEqual({ kind: 'onTrust' })
    expect(first.store.charge(request(null, 100n))).toEqual({ kind: 'due', dueCumulativeWei: 200n })
    first.close()
    const second = openStore()
    expect(second.store.charge(request(null, 100n))).toEqual({ kind: 'due', dueCumulativeWei: 200n })
    const voucher = await book.pay(node, 200n)
    expect(second.store.charge(request(voucher, 100n))).toEqual({ kind: 'paid' })
    expect(second.store.unredeemedWei()).toBe(200n)
    expect(second.store.charge(request(voucher, 100n))).toEqual({ kind: 'onTrust' })
    second.close()
    const third = openStore()
    expect(third.store.last(wallet.address, book.lane)).toMatchObject({ cumulativeWei: 200n, spentWei: 200n })
    third.store.setRedeemed(wallet.address, book.lane, 200n)
    expect(third.store.unredeemedWei()).toBe(0n)
    third.close()
    book.close()
  })

  it('2.1 takes no voucher beyond the lock for money, over all lanes together', async () => {
    const { store, close } = openStore()
    const [one, two] = [openBook('one'), openBook('two')]
    const paid = { ...request(await one.pay(node, 700_000n), 700_000n, 3 * creditBytes) }
    expect(store.charge(paid)).toEqual({ kind: 'paid' })
    const second = { ...request(await two.pay(node, 700_000n), 700_000n, 3 * creditBytes) }
    expect(store.charge(second)).toMatchObject({ kind: 'due' })
    for (const open of [{ close }, one, two]) open.close()
  })

  it('gives back what was not sent, from the lane or from the trust, and never more than was booked', async () => {
    const { store, close } = openStore()
    const book = openBook()
    const customer = wallet.address
    store.charge(request(null, 100n))
    store.refund({ customer, lane: null, wei: 60n, bytes: creditBytes / 2 })
    expect(store.charge(request(null, 10n))).toEqual({ kind: 'due', dueCumulativeWei: 50n })
    expect(store.charge(request(await book.pay(node, 50n), 10n))).toEqual({ kind: 'paid' })
    store.refund({ customer, lane: book.lane, wei: 10n, bytes: 5 })
    expect(store.last(customer, book.lane)).toMatchObject({ spentWei: 40n, cumulativeWei: 50n })
    store.refund({ customer, lane: book.lane, wei: 1_000n, bytes: 5 })
    expect(store.last(customer, book.lane)?.spentWei).toBe(0n)
    expect(readUnredeemedWei(join(path, 'node'))).toBe(50n)
    expect(readUnredeemedWei(join(path, 'nothing here'))).toBe(0n)
    close()
    book.close()
  })

  it('2.2 refuses foreign, forged and expiring vouchers and keeps the higher of two', async () => {
    const { store, close } = openStore()
    const book = openBook()
    const low = await book.pay(node, 100n)
    const high = await book.pay(node, 100n)
    const refuse = (voucher: SignedVoucher, code: string, change = {}) =>
      expect(() => store.charge({ ...request(voucher, 1n), ...change })).toThrow(expect.objectContaining({ code }))
    refuse({ ...high, cumulativeWei: 10_000n }, 'VOUCHER_FORGED')
    refuse({ ...high, node: wallet.address }, 'VOUCHER_FOREIGN')
    refuse(high, 'VOUCHER_FOREIGN', { customer: node })
    refuse(high, 'VOUCHER_EXPIRING', { nowSeconds: high.expirySeconds - 10 })
    store.charge(request(high, 1n))
    store.charge(request(low, 1n))
    expect(store.last(wallet.address, book.lane)?.cumulativeWei).toBe(200n)
    close()
    book.close()
  })
})
