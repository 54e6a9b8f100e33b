import { AbiCoder, keccak256 } from 'ethers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildMerkleList, standsInList } from './merkle-list.ts'
import { dayKey, slotKey } from './market.ts'
import { rankSettlers } from './settlers.ts'
import { encodeWords, hashWords, hexOfBytes } from './words.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

describe('words', () => {
  it('are what abi.encode makes of the same values', () => {
    const whole = fc.oneof(fc.nat(), fc.maxSafeNat())
    const money = fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n })
    fc.assert(
      fc.property(whole, money, bytes(20), bytes(32), (number, amount, address, hash) => {
        const texts = [hexOfBytes(address), hexOfBytes(hash)] as const
        const expected = AbiCoder.defaultAbiCoder().encode(
          ['uint256', 'int256', 'address', 'bytes32', 'bytes32'],
          [number, amount, texts[0], texts[1], texts[1]],
        )
        expect(hexOfBytes(encodeWords([number, amount, texts[0], texts[1], hash]))).toBe(expected)
        expect(hexOfBytes(hashWords(number, amount, texts[0], texts[1], hash))).toBe(keccak256(expected))
      }),
    )
  })

  it('refuse what is no word', () => {
    expect(() => encodeWords(['0x12'])).toThrow('"0x12" is neither an address nor 32 bytes.')
    expect(() => encodeWords([-1])).toThrow('-1 is no whole number')
    expect(() => encodeWords([2n ** 128n])).toThrow('does not fit 128 bits')
  })

  it('bind keys to chain, contract, community, slot and day', () => {
    const at = { chainId: 5, contract: `0x${'11'.repeat(20)}`, community: `0x${'22'.repeat(32)}` }
    const keys = [slotKey(at, 1), slotKey(at, 2), dayKey(at, 1), slotKey({ ...at, chainId: 6 }, 1)]
    expect(new Set(keys.map(hexOfBytes)).size).toBe(4)
  })
})

describe('a list as a tree', () => {
  const lists = fc.array(bytes(32), { minLength: 1, maxLength: 40 })

  it('proves each leaf at its place and at no other', () => {
    fc.assert(
      fc.property(lists, fc.nat(), fc.nat(), (leaves, one, other) => {
        const { root, count, prove } = buildMerkleList(leaves)
        const [index, elsewhere] = [one % count, other % count]
        const proof = prove(index)
        expect(standsInList({ root, count, index, leaf: leaves[index]!, proof })).toBe(true)
        const moved = standsInList({ root, count, index: elsewhere, leaf: leaves[index]!, proof })
        expect(moved).toBe(index === elsewhere)
        expect(standsInList({ root, count, index, leaf: leaves[index]!, proof: [...proof, root] })).toBe(false)
      }),
    )
  })

  it('has the root zero when it is empty, and that of its leaf when it has one', () => {
    expect(hexOfBytes(buildMerkleList([]).root)).toBe(`0x${'00'.repeat(32)}`)
    expect(buildMerkleList([new Uint8Array(32).fill(7)]).root).toEqual(new Uint8Array(32).fill(7))
    expect(() => buildMerkleList([]).prove(0)).toThrow('A list of 0 has no leaf 0.')
  })
})

describe('settlers', () => {
  const nodes = Array.from({ length: 6 }, (_, index) => `0x${`${index + 1}`.repeat(40)}`)

  it('are drawn anew for each slot, and the same for everybody', () => {
    const seed = `0x${'5e'.repeat(32)}`
    const draws = Array.from({ length: 20 }, (_, slot) => rankSettlers(seed, slot, nodes))
    expect(draws).toEqual(draws.map((_, slot) => rankSettlers(seed, slot, nodes.toReversed())))
    expect(new Set(draws.map(([first]) => first)).size).toBeGreaterThan(3)
    expect(draws.every((draw) => new Set(draw).size === 6)).toBe(true)
  })
})
