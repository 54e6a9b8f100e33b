import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decodeFrame, encodeFrame, frameHeaderBytes, maximumFrameBytes, readFrameLength } from './frames.ts'

const anything = z.unknown()
const body = (frame: Uint8Array): Uint8Array => frame.subarray(frameHeaderBytes)
const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'none'
}

describe('frames', () => {
  it('brings back what was sent', () => {
    const value = fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.maxSafeInteger(), fc.array(fc.nat())),
    )
    fc.assert(
      fc.property(value, (sent) => {
        const frame = encodeFrame(sent)
        expect(readFrameLength(frame)).toBe(frame.length - frameHeaderBytes)
        expect(decodeFrame(body(frame), anything)).toEqual({ ...sent })
      }),
    )
  })

  it('keeps amounts of any size to the wei', () => {
    const amount = z.union([z.bigint(), z.number()]).transform(BigInt)
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (wei) => {
        expect(decodeFrame(body(encodeFrame(wei)), amount)).toBe(wei)
      }),
    )
  })

  it('never throws anything but a named error on hostile bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const code = codeOf(() => decodeFrame(bytes, z.strictObject({ kind: z.literal('never') })))
        expect(['FRAME_MALFORMED', 'FRAME_UNEXPECTED']).toContain(code)
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['an indefinite length', [0x9f, 0x01, 0xff]],
    ['a duplicate key', [0xa2, 0x61, 0x61, 0x01, 0x61, 0x61, 0x02]],
    ['a number longer than needed', [0x18, 0x01]],
    ['NaN', [0xf9, 0x7e, 0x00]],
    ['undefined', [0xf7]],
    ['bytes after the value', [0x01, 0x01]],
    ['a value cut short', [0x82, 0x01]],
    ['a string that claims 4 GiB', [0x7a, 0xff, 0xff, 0xff, 0xff, 0x61]],
    ['nesting as deep as the frame', new Array<number>(200_000).fill(0x81)],
  ])('refuses %s', (_name, bytes) => {
    expect(codeOf(() => decodeFrame(Uint8Array.from(bytes), anything))).toBe('FRAME_MALFORMED')
  })

  it('refuses a huge or empty length before allocating', () => {
    expect(codeOf(() => readFrameLength(Uint8Array.of(0xff, 0xff, 0xff, 0xff)))).toBe('FRAME_TOO_LARGE')
    expect(codeOf(() => readFrameLength(Uint8Array.of(0, 0, 0, 0)))).toBe('FRAME_MALFORMED')
    expect(codeOf(() => encodeFrame(new Uint8Array(maximumFrameBytes)))).toBe('FRAME_TOO_LARGE')
  })
})
