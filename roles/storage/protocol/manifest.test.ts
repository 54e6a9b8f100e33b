import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeCipher as cipher } from '../customer/node-crypto.ts'
import { ManifestError, openManifest, sealManifest } from './manifest-envelope.ts'
import type { Manifest } from './manifest.ts'

const secret = cipher.randomBytes(32)
const address = (digit: number) => `0x${digit.toString(16).padStart(40, '0')}`

function manifestOf(pieces = 12): Manifest {
  return {
    formatVersion: 1,
    chainId: 31337,
    market: address(1),
    customer: address(2),
    fileSalt: cipher.randomBytes(32),
    pathName: 'photos/snow ☃.jpg',
    bytes: 1000,
    k: 4,
    n: 12,
    createdAtSeconds: 1_790_000_000,
    segments: [
      {
        wrappedSecret: cipher.randomBytes(48),
        pieces: Array.from({ length: pieces }, (_, index) => ({
          index,
          node: address(100 + index),
          operator: address(200 + index),
          root: cipher.randomBytes(32),
        })),
      },
    ],
    spreadWaived: [],
  }
}

function codeOf(open: () => unknown): string {
  try {
    open()
    return 'opened'
  } catch (error) {
    if (error instanceof ManifestError) return error.code
    throw error
  }
}

describe('manifest', () => {
  const manifest = manifestOf()
  const file = sealManifest(cipher, secret, manifest)

  it('comes back as it was', () => {
    expect(openManifest(cipher, secret, file)).toEqual(manifest)
  })

  it('shows neither names nor nodes in its file', () => {
    const text = Buffer.from(file).toString('latin1')
    expect(text).not.toContain('photos')
    expect(text).not.toContain('0000000000000000000')
  })

  it('tells a truncated, extended, foreign, newer, damaged and unrelated file apart', () => {
    expect(codeOf(() => openManifest(cipher, secret, file.subarray(0, file.length - 1)))).toBe('MANIFEST_TRUNCATED')
    expect(codeOf(() => openManifest(cipher, secret, file.subarray(0, 20)))).toBe('MANIFEST_TRUNCATED')
    expect(codeOf(() => openManifest(cipher, secret, Buffer.concat([file, Buffer.from([0])])))).toBe(
      'MANIFEST_TRUNCATED',
    )
    expect(codeOf(() => openManifest(cipher, cipher.randomBytes(32), file))).toBe('MANIFEST_FOREIGN')
    expect(codeOf(() => openManifest(cipher, secret, Buffer.from('%PDF-1.7 hello')))).toBe('NOT_A_MANIFEST')
    expect(codeOf(() => openManifest(cipher, secret, new Uint8Array(0)))).toBe('NOT_A_MANIFEST')
    const newer = file.slice()
    newer[8] = 3
    expect(codeOf(() => openManifest(cipher, secret, newer))).toBe('MANIFEST_VERSION')
  })

  it('never opens with any flipped bit and names the reason every time', () => {
    fc.assert(
      fc.property(fc.nat(file.length * 8 - 1), (bit) => {
        const bent = file.slice()
        bent[bit >> 3]! ^= 1 << (bit & 7)
        expect(codeOf(() => openManifest(cipher, secret, bent))).toMatch(/^(NOT_A_)?MANIFEST/)
      }),
      { numRuns: 300 },
    )
  })

  it('is refused when it contradicts itself', () => {
    expect(() => sealManifest(cipher, secret, manifestOf(3))).toThrow(/fewer than k/)
    expect(() => sealManifest(cipher, secret, { ...manifest, bytes: 70_000_000 })).toThrow(/number of segments/)
    expect(() => sealManifest(cipher, secret, { ...manifest, k: 13 })).toThrow(/k is greater/)
  })
})
