import { getBytes, hexlify, zeroPadValue } from 'ethers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestChain, type TestChain } from '../script/testing/practice-chain.ts'
import { compareBytecode, type ContractName, interfaces, openChain, releaseCodeOf, verifyContracts } from './index.ts'

const names = Object.keys(interfaces) as ContractName[]
const stranger = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
let test: TestChain
const codes = new Map<ContractName, string>()
let known: string[]

beforeAll(async () => {
  test = await startTestChain()
  known = Object.values(test.network.contracts)
  for (const name of names) codes.set(name, await test.chain.provider.getCode(test.network.contracts[name]))
}, 30_000)

afterAll(async () => {
  await test.stop()
})

/** The code of a contract with some bytes changed. */
function altered(name: ContractName, change: (bytes: Uint8Array) => void): string {
  const bytes = getBytes(codes.get(name)!)
  change(bytes)
  return hexlify(bytes)
}

describe('the code of a deployment', () => {
  it('is this release, whatever its immutables are', async () => {
    const practice = await verifyContracts(test.chain)
    expect(new Set(Object.values(practice))).toEqual(new Set(['same']))
    expect(Object.keys(practice).sort()).toEqual([...names].sort())
    const real = await startTestChain({ profile: 'real' })
    try {
      expect(new Set(Object.values(await verifyContracts(real.chain)))).toEqual(new Set(['same']))
      // Other times and names: other bytes, the same code.
      expect(await real.chain.provider.getCode(real.network.contracts.Registry)).not.toBe(codes.get('Registry'))
    } finally {
      await real.stop()
    }
  }, 30_000)

  it('is different when one bit anywhere outside its immutables is flipped', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.integer({ min: 0, max: 7 }), (name, at, bit) => {
        const code = releaseCodeOf(name)
        const index = at % (getBytes(codes.get(name)!).length - 1)
        const masked = code.immutableReferences.some(({ start, length }) => index >= start && index < start + length)
        const found = altered(name, (bytes) => (bytes[index]! ^= 1 << bit))
        const verdict = compareBytecode(found, code, known)
        return masked ? verdict !== 'missing' && verdict !== 'different' : verdict === 'different'
      }),
      { numRuns: 500 },
    )
  })

  it('is different when it is longer, shorter or empty', () => {
    const code = releaseCodeOf('Seeds')
    const found = codes.get('Seeds')!
    expect(compareBytecode(`${found}00`, code, known)).toBe('different')
    expect(compareBytecode(found.slice(0, -2), code, known)).toBe('different')
    expect(compareBytecode('0x', code, known)).toBe('missing')
  })

  it('is different when two contracts of the file are swapped, and missing where nothing is', async () => {
    const { contracts } = test.network
    const swapped = { ...contracts, Payments: contracts.Registry, Registry: contracts.Payments, Seeds: stranger }
    const chain = openChain({ ...test.network, contracts: swapped })
    try {
      const verdicts = await verifyContracts(chain)
      expect(verdicts).toMatchObject({ Payments: 'different', Registry: 'different', Seeds: 'missing' })
    } finally {
      chain.close()
    }
  })

  it('names others when an immutable is the address of a contract that the file does not name', () => {
    const code = releaseCodeOf('Payments')
    const market = zeroPadValue(test.network.contracts.StorageMarket, 32).slice(2).toLowerCase()
    const forged = codes.get('Payments')!.replaceAll(market, zeroPadValue(stranger, 32).slice(2).toLowerCase())
    expect(forged).not.toBe(codes.get('Payments'))
    expect(compareBytecode(forged, code, known)).toBe('namesOthers')
    expect(compareBytecode(forged, code, [...known, stranger])).toBe('same')
  })
})
