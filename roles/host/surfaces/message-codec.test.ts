import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDecoder, encodeMessage, maximumTextBytes, SurfaceMessageError } from './message-codec.ts'

const floats = fc.array(fc.float()).map((values) => Float32Array.from(values))
const bytes = fc.uint8Array({ maxLength: 300 })
/** JSON has neither a negative zero nor names such as `__proto__` that mean something else. */
const name = fc.string({ maxLength: 8 }).filter((text) => text !== '__proto__' && text !== '$array')
const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null), floats, bytes)
const message = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value')), fc.dictionary(name, tie('value'))),
})).value

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

/** A length pair and what follows it. */
function raw(textBytes: number, arrayBytes: number, text: string): Uint8Array {
  const head = new DataView(new ArrayBuffer(8))
  head.setUint32(0, textBytes, true)
  head.setUint32(4, arrayBytes, true)
  return join([new Uint8Array(head.buffer), new TextEncoder().encode(text)])
}

describe('messages of a surface', () => {
  test('arrive as they were sent, however the stream cuts them', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), fc.integer({ min: 1, max: 64 }), (messages, step) => {
        const stream = join(messages.flatMap((one) => encodeMessage(one)))
        const heard: unknown[] = []
        const decoder = createDecoder((one) => heard.push(one))
        for (let at = 0; at < stream.length; at += step) decoder.feed(stream.subarray(at, at + step))
        expect(heard).toEqual(messages)
      }),
    )
  })

  test('keep each array in memory of its own', () => {
    const heard: { sums: Float32Array; rgba: Uint8Array }[] = []
    const sent = { sums: Float32Array.of(1, Number.NaN, -0), rgba: Uint8Array.of(7) }
    createDecoder((one) => heard.push(one as never)).feed(join(encodeMessage(sent)))
    expect(heard[0]!.sums.buffer.byteLength).toBe(12)
    expect(Object.is(heard[0]!.sums[2], -0)).toBe(true)
    expect(heard[0]!.sums.buffer).not.toBe(heard[0]!.rgba.buffer)
  })

  test.each([
    ['announces more text than any message has', raw(maximumTextBytes + 1, 0, '')],
    ['announces four gigabytes', raw(2, 0xffff_ffff, '{}')],
    ['is no JSON', raw(2, 0, '{{')],
    ['points outside of its own bytes', raw(29, 0, '{"a":{"$array":["f32",0,400]}}'.slice(0, 30).padEnd(29))],
    ['cuts a number in two', raw(24, 0, '{"$array":["f32",0,0.5]}')],
    ['names an array that there is not', raw(25, 0, '{"$array":["valueOf",0,0]}'.slice(0, 25).padEnd(25))],
  ])('refuse a stream that %s', (_what, stream) => {
    const heard: unknown[] = []
    expect(() => createDecoder((one) => heard.push(one)).feed(stream)).toThrow(SurfaceMessageError)
    expect(heard).toEqual([])
  })

  test('refuse what has no end and arrays that the other side does not know', () => {
    const endless: Record<string, unknown> = {}
    endless['itself'] = endless
    expect(() => encodeMessage(endless)).toThrow(SurfaceMessageError)
    expect(() => encodeMessage({ clamped: new Uint8ClampedArray(4) })).toThrow(SurfaceMessageError)
  })
})
