import { decode, encode, type DecodeOptions, type EncodeOptions } from 'cborg'
import { bigIntDecoder, bigIntEncoder, bigNegIntDecoder } from 'cborg/taglib'
import type { z } from 'zod'
import { NetworkError } from './errors.ts'

/** Most bytes that one frame's CBOR may have; checked before anything is allocated. */
export const maximumFrameBytes = 256 * 1024

/** Bytes of the big-endian length in front of each frame. */
export const frameHeaderBytes = 4

const encodeOptions: EncodeOptions = { typeEncoders: { bigint: bigIntEncoder } }

/** Only one way to say a thing: no indefinite lengths, no duplicate keys, no undefined, NaN or infinities. */
const decodeOptions: DecodeOptions = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  rejectDuplicateMapKeys: true,
  tags: { 2: bigIntDecoder, 3: bigNegIntDecoder },
}

/** A value as one frame, header included. Throws FRAME_TOO_LARGE when the value does not fit. */
export function encodeFrame(value: unknown): Uint8Array {
  const body = encode(value, encodeOptions)
  if (body.length > maximumFrameBytes) throw tooLarge(body.length)
  const frame = new Uint8Array(frameHeaderBytes + body.length)
  new DataView(frame.buffer).setUint32(0, body.length)
  frame.set(body, frameHeaderBytes)
  return frame
}

/** The body length that a header announces. Throws FRAME_TOO_LARGE or FRAME_MALFORMED (no value has zero bytes). */
export function readFrameLength(header: Uint8Array): number {
  const length = new DataView(header.buffer, header.byteOffset, frameHeaderBytes).getUint32(0)
  if (length > maximumFrameBytes) throw tooLarge(length)
  if (length === 0) throw new NetworkError('FRAME_MALFORMED', 'The peer sent an empty frame.')
  return length
}

/** The checked value of a frame's body. Throws FRAME_MALFORMED (not CBOR) or FRAME_UNEXPECTED (not this schema). */
export function decodeFrame<Schema extends z.ZodType>(body: Uint8Array, schema: Schema): z.output<Schema> {
  let value: unknown
  try {
    value = decode(body, decodeOptions)
  } catch (error) {
    throw new NetworkError('FRAME_MALFORMED', 'The peer sent a frame that is not the CBOR of this protocol.', {
      cause: error,
    })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new NetworkError(
    'FRAME_UNEXPECTED',
    `The peer sent a frame of another shape (${issue?.path.join('.') || 'top'}: ${issue?.message ?? 'unknown'}).`,
  )
}

function tooLarge(length: number): NetworkError {
  return new NetworkError('FRAME_TOO_LARGE', `A frame of ${length} bytes exceeds ${maximumFrameBytes}.`, {
    details: { length },
  })
}
