import fc from 'fast-check'
import { Transaction } from 'ethers'
import { expect, test } from 'vitest'
import { composeTransaction, pricesOf, type TransactionTerms } from './operator-transaction.ts'

const address = fc.bigInt(1n, 2n ** 160n - 1n).map((value) => `0x${value.toString(16).padStart(40, '0')}`)
const data = fc.uint8Array({ maxLength: 600 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`)
const price = fc.bigInt(0n, 10n ** 15n)
const terms: fc.Arbitrary<TransactionTerms> = fc
  .record({
    nonce: fc.nat(),
    gasLimit: fc.bigInt(21_000n, 30_000_000n),
    prices: fc
      .record({ gasPrice: price, maxFeePerGas: fc.option(price), maxPriorityFeePerGas: fc.option(price) })
      .map(pricesOf),
  })
  .map(({ prices, ...rest }) => ({ ...rest, ...prices }))
const chainId = fc.integer({ min: 1, max: 2 ** 48 })

test('the same call and terms always make the same bytes, and they say the call and nothing else', () => {
  fc.assert(
    fc.property(chainId, address, data, terms, (chain, to, bytes, given) => {
      const made = composeTransaction(chain, { to, data: bytes }, given)
      expect(composeTransaction(chain, { to, data: bytes }, given).unsignedSerialized).toBe(made.unsignedSerialized)
      const read = Transaction.from(made.unsignedSerialized)
      expect([read.to?.toLowerCase(), read.data, read.value, read.chainId]).toEqual([to, bytes, 0n, BigInt(chain)])
      expect([read.nonce, read.gasLimit]).toEqual([given.nonce, given.gasLimit])
      expect(read.type).toBe(given.maxPriorityFeePerGas === null ? 0 : 2)
      expect(read.maxFeePerGas ?? read.gasPrice).toBe(given.maxFeePerGas)
    }),
  )
})

test('no two transactions that differ in anything share their bytes', () => {
  const whole = fc.tuple(chainId, address, data, terms)
  fc.assert(
    fc.property(whole, whole, (left, right) => {
      const bytesOf = ([chain, to, bytes, given]: typeof left) =>
        composeTransaction(chain, { to, data: bytes }, given).unsignedSerialized
      const same = JSON.stringify(left, text) === JSON.stringify(right, text)
      expect(bytesOf(left) === bytesOf(right)).toBe(same)
    }),
  )
})

test('on a chain with one price of gas a quarter more is allowed for, elsewhere what the chain says, tip within it', () => {
  expect(pricesOf({ gasPrice: 8n, maxFeePerGas: 1n, maxPriorityFeePerGas: 9n })).toEqual({
    maxFeePerGas: 1n,
    maxPriorityFeePerGas: 1n,
  })
  expect(pricesOf({ gasPrice: 8n, maxFeePerGas: null, maxPriorityFeePerGas: null })).toEqual({
    maxFeePerGas: 10n,
    maxPriorityFeePerGas: null,
  })
  expect(pricesOf({ gasPrice: 8n, maxFeePerGas: 17n, maxPriorityFeePerGas: 1n })).toEqual({
    maxFeePerGas: 17n,
    maxPriorityFeePerGas: 1n,
  })
})

function text(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
