import { HearthError } from '../../api/errors.ts'

/**
 * How messages of a surface cross a stream: two lengths (32 bits, little endian), a JSON text of the first length, and the
 * bytes of all typed arrays of the second. In the text an array stands as `{"$array": [kind, offset, bytes]}`.
 *
 * Not `v8.serialize`: its format follows the engine's version, and Node and Electron here have different ones. A surface
 * shows a stranger's scene, so whatever comes from it is checked like a stranger's bytes.
 */

const headBytes = 8
/** A scene's description is small; only its arrays are large. */
export const maximumTextBytes = 4 * 1024 * 1024
/** Above the largest scene that a job may have. */
export const maximumArrayBytes = 1024 ** 3
const maximumDepth = 32

const arrayKinds = { u8: Uint8Array, f32: Float32Array, u32: Uint32Array, u16: Uint16Array } as const
type ArrayKind = keyof typeof arrayKinds
type PortableArray = Uint8Array | Float32Array | Uint32Array | Uint16Array

/** A message cannot be carried, or bytes are no message. */
export class SurfaceMessageError extends HearthError {
  constructor(message: string) {
    super('SURFACE_MESSAGE', message)
  }
}

/** A message as the pieces to write, one after the other. Arrays are not copied. Throws SurfaceMessageError. */
export function encodeMessage(message: unknown): Uint8Array[] {
  const arrays: Uint8Array[] = []
  let arrayBytes = 0
  const pack = (value: unknown, depth: number): unknown => {
    if (depth > maximumDepth) throw new SurfaceMessageError('A message for a surface is nested too deeply.')
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((item) => pack(item, depth + 1))
    const kind = kindOf(value)
    if (kind !== null) {
      const { buffer, byteOffset, byteLength } = value as PortableArray
      arrays.push(new Uint8Array(buffer, byteOffset, byteLength))
      arrayBytes += byteLength
      return { $array: [kind, arrayBytes - byteLength, byteLength] }
    }
    if (ArrayBuffer.isView(value)) throw new SurfaceMessageError('A message for a surface holds an unknown array.')
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, pack(item, depth + 1)]))
  }
  const text = new TextEncoder().encode(JSON.stringify(pack(message, 0)) ?? 'null')
  checkLengths(text.length, arrayBytes)
  const head = new DataView(new ArrayBuffer(headBytes))
  head.setUint32(0, text.length, true)
  head.setUint32(4, arrayBytes, true)
  return [new Uint8Array(head.buffer), text, ...arrays]
}

/** Puts messages together from whatever pieces a stream delivers. `feed` throws SurfaceMessageError; the stream is then lost. */
export function createDecoder(onMessage: (message: unknown) => void): { feed(chunk: Uint8Array): void } {
  let chunks: Uint8Array[] = []
  let waiting = 0
  const take = (length: number): Uint8Array<ArrayBuffer> => {
    const taken = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      const first = chunks[0]!
      const part = first.subarray(0, length - filled)
      taken.set(part, filled)
      filled += part.length
      if (part.length === first.length) chunks.shift()
      else chunks[0] = first.subarray(part.length)
    }
    waiting -= length
    return taken
  }
  let lengths: { text: number; arrays: number } | null = null
  return {
    feed(chunk) {
      if (chunk.length === 0) return
      chunks = [...chunks, chunk]
      waiting += chunk.length
      for (;;) {
        if (lengths === null) {
          if (waiting < headBytes) return
          lengths = readLengths(take(headBytes))
        }
        if (waiting < lengths.text + lengths.arrays) return
        const text = new TextDecoder().decode(take(lengths.text))
        const arrays = take(lengths.arrays)
        lengths = null
        onMessage(unpack(text, arrays.buffer))
      }
    },
  }
}

function readLengths(head: Uint8Array<ArrayBuffer>): { text: number; arrays: number } {
  const view = new DataView(head.buffer)
  const lengths = { text: view.getUint32(0, true), arrays: view.getUint32(4, true) }
  checkLengths(lengths.text, lengths.arrays)
  return lengths
}

function checkLengths(textBytes: number, arrayBytes: number): void {
  if (textBytes <= maximumTextBytes && arrayBytes <= maximumArrayBytes) return
  throw new SurfaceMessageError(`A message of ${textBytes} and ${arrayBytes} bytes is too large for a surface.`)
}

function kindOf(value: object): ArrayKind | null {
  if (value instanceof Uint8Array) return 'u8'
  if (value instanceof Float32Array) return 'f32'
  if (value instanceof Uint32Array) return 'u32'
  return value instanceof Uint16Array ? 'u16' : null
}

function unpack(text: string, buffer: ArrayBuffer): unknown {
  try {
    return JSON.parse(text, (_name, value: unknown) => {
      const place = placeOf(value)
      return place === null ? value : arrayAt(buffer, place)
    })
  } catch (error) {
    if (error instanceof SurfaceMessageError) throw error
    throw new SurfaceMessageError('Bytes from a surface are no message.')
  }
}

function placeOf(value: unknown): readonly unknown[] | null {
  if (typeof value !== 'object' || value === null || !('$array' in value)) return null
  return Array.isArray(value.$array) ? value.$array : []
}

/** An array of its own memory, so that one that is kept does not keep its whole message. */
function arrayAt(buffer: ArrayBuffer, place: readonly unknown[]): PortableArray {
  const [kind, offset, bytes] = place
  const known = typeof kind === 'string' && Object.hasOwn(arrayKinds, kind) ? arrayKinds[kind as ArrayKind] : null
  const isInside = isCount(offset) && isCount(bytes) && offset + bytes <= buffer.byteLength
  if (known === null || !isInside || bytes % known.BYTES_PER_ELEMENT !== 0) {
    throw new SurfaceMessageError('An array from a surface lies outside of its message.')
  }
  return new known(buffer.slice(offset, offset + bytes))
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
