import type { Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface'
import { NetworkError } from './errors.ts'

/** Bytes that may wait here unread before the peer is told to wait; more than the largest frame. */
const pauseAboveBytes = 1024 * 1024
const resumeBelowBytes = 256 * 1024

/** Pull side of a stream: one reader at a time, bytes in order, the peer slowed down while nobody reads. */
export type ByteReader = {
  /** Exactly `length` bytes in one array; `length` must be below the pause mark. */
  readExactly(length: number): Promise<Uint8Array>
  /** The next bytes as they came, at most `most`, not copied; at least one. */
  readSome(most: number): Promise<Uint8Array>
  /** Makes this and every later read reject with `error`. */
  fail(error: Error): void
}

/** Turns a libp2p stream's message events into reads. Must be made in the same tick in which the stream was handed out. */
export function createByteReader(stream: Stream): ByteReader {
  const chunks: Uint8Array[] = []
  let buffered = 0
  let failure: Error | null = null
  let waiting: { wanted: number; resolve: () => void; reject: (error: Error) => void } | null = null

  const settle = (): void => {
    if (waiting === null) return
    const current = waiting
    if (buffered >= current.wanted) {
      waiting = null
      current.resolve()
    } else if (failure !== null) {
      waiting = null
      current.reject(failure)
    }
  }
  const fail = (error: Error): void => {
    failure ??= error
    settle()
  }
  stream.addEventListener('message', (event: StreamMessageEvent) => {
    const parts = event.data instanceof Uint8Array ? [event.data] : event.data
    for (const part of parts) {
      if (part.length === 0) continue
      chunks.push(part)
      buffered += part.length
    }
    if (buffered > pauseAboveBytes && stream.readStatus === 'readable') stream.pause()
    settle()
  })
  stream.addEventListener('end', () => fail(closedByPeer()))
  stream.addEventListener('close', (event: StreamCloseEvent) => fail(closedByPeer(event.error)))
  if (stream.readableEnded || stream.status === 'closed') fail(closedByPeer())

  const waitFor = async (wanted: number): Promise<void> => {
    if (buffered >= wanted) return
    if (stream.readStatus === 'paused') stream.resume()
    if (buffered >= wanted) return
    if (failure !== null) throw failure
    if (waiting !== null) throw new Error('Two reads of one stream at the same time.')
    await new Promise<void>((resolve, reject) => {
      waiting = { wanted, resolve, reject }
    })
  }
  const take = (most: number): Uint8Array => {
    const first = chunks[0] ?? new Uint8Array(0)
    const taken = first.length <= most ? first : first.subarray(0, most)
    if (first.length <= most) chunks.shift()
    else chunks[0] = first.subarray(most)
    buffered -= taken.length
    if (buffered < resumeBelowBytes && stream.readStatus === 'paused') stream.resume()
    return taken
  }
  return {
    fail,
    async readExactly(length) {
      await waitFor(length)
      const result = new Uint8Array(length)
      for (let filled = 0; filled < length;) {
        const part = take(length - filled)
        result.set(part, filled)
        filled += part.length
      }
      return result
    },
    async readSome(most) {
      await waitFor(1)
      return take(most)
    },
  }
}

function closedByPeer(cause?: Error): NetworkError {
  return new NetworkError('STREAM_CLOSED', 'The peer closed the stream before it had sent everything.', { cause })
}
