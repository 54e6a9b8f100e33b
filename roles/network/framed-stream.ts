import { setMaxListeners } from 'node:events'
import type { Connection, Stream } from '@libp2p/interface'
import type { z } from 'zod'
import { CancelledError, TimeoutError } from '../api/errors.ts'
import { addressOfPeerId } from './addresses.ts'
import { createByteReader, type ByteReader } from './byte-reader.ts'
import { NetworkError } from './errors.ts'
import { decodeFrame, encodeFrame, frameHeaderBytes, readFrameLength } from './frames.ts'

/** Bounds of one wait. `timeoutMs` counts for the whole call, so a peer that drips bytes gains nothing by it. */
export type WaitOptions = {
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

/** One conversation with one peer: frames and raw bytes in both directions, in order. One read at a time. */
export type FramedStream = {
  readonly remotePeerId: string
  /** Checksummed account of the peer's key; proven by the handshake, so no frame needs to claim it. */
  readonly remoteAddress: string
  readonly remoteMultiaddr: string
  /** The next frame, checked. Throws NetworkError FRAME_* or STREAM_CLOSED, TimeoutError, CancelledError. */
  readFrame<Schema extends z.ZodType>(schema: Schema, options: WaitOptions): Promise<z.output<Schema>>
  /** Sends a frame and resolves when the stream can take more. */
  writeFrame(value: unknown, options?: WaitOptions): Promise<void>
  /** Exactly `length` raw bytes in pieces as they arrive, not copied. `timeoutMs` bounds all of them together. */
  readBytes(length: number, options: WaitOptions): AsyncGenerator<Uint8Array, void, undefined>
  /** Sends raw bytes no faster than the peer takes them; not copied, so a chunk must never change afterwards. */
  writeBytes(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, options?: WaitOptions): Promise<void>
  /** Says that nothing more will be sent; reading goes on. */
  closeWrite(): Promise<void>
  /** Ends the conversation in order; gives the peer a few seconds to end its side, then resets. Never throws. */
  close(): Promise<void>
  /** Ends it at once; every wait of this stream rejects with `reason`. */
  abort(reason: Error): void
}

/** Bound of a wait for which the caller named none, and of every single pause of the peer while bytes flow. */
const defaultTimeoutMs = 30_000
/** What a peer gets to take the last bytes, and then to close its half after we closed ours. */
const closeGraceMs = 10_000
/** Bytes that may lie unsent in a stream before its writer waits: keeps the line busy while the next slice is read. */
const unsentBytesAllowed = 256 * 1024
/** Largest slice handed to the muxer at once: one window of yamux, so that memory in flight stays bounded. */
const writeSliceBytes = 256 * 1024 - 12

/** Wraps a libp2p stream. */
export function createFramedStream(stream: Stream, connection: Connection): FramedStream {
  const reader = createByteReader(stream)
  const abort = (reason: Error): void => {
    reader.fail(reason)
    stream.abort(reason)
  }
  const bounded = boundedWaits(abort, reader)
  const sendAll = async (bytes: Uint8Array): Promise<void> => {
    for (let offset = 0; offset < bytes.length; offset += writeSliceBytes) {
      const slice = bytes.length <= writeSliceBytes ? bytes : bytes.subarray(offset, offset + writeSliceBytes)
      await sendSlice(stream, slice)
    }
  }
  return {
    remotePeerId: connection.remotePeer.toString(),
    remoteAddress: addressOfPeerId(connection.remotePeer),
    remoteMultiaddr: connection.remoteAddr.toString(),
    readFrame: (schema, options) =>
      bounded('Reading a frame', options, async () => {
        const header = await reader.readExactly(frameHeaderBytes)
        return decodeFrame(await reader.readExactly(readFrameLength(header)), schema)
      }),
    writeFrame: (value, options) => bounded('Writing a frame', options ?? {}, () => sendAll(encodeFrame(value))),
    readBytes: (length, options) => readBytes(reader, abort, length, options),
    writeBytes: (chunks, options) =>
      bounded('Writing bytes', options ?? {}, async () => {
        for await (const chunk of chunks) await sendAll(chunk)
      }),
    closeWrite: () => bounded('Closing a stream', { timeoutMs: defaultTimeoutMs }, () => stream.close()),
    close: () => closeInOrder(stream),
    abort,
  }
}

/** Runs a wait that ends by itself, by `timeoutMs` or by `signal`; a failed one leaves no stream in an unknown place. */
function boundedWaits(abort: (reason: Error) => void, reader: ByteReader) {
  return async function bounded<T>(what: string, options: WaitOptions, work: () => Promise<T>): Promise<T> {
    const guard = startGuard(what, options, abort)
    try {
      return await work()
    } catch (error) {
      const reason = guard.reason() ?? (error instanceof Error ? error : new Error(String(error)))
      reader.fail(reason)
      abort(reason)
      throw reason
    } finally {
      guard.release()
    }
  }
}

async function* readBytes(
  reader: ByteReader,
  abort: (reason: Error) => void,
  length: number,
  options: WaitOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const guard = startGuard('Reading bytes', options, abort)
  let remaining = length
  try {
    while (remaining > 0) {
      const chunk = await reader.readSome(remaining)
      remaining -= chunk.length
      yield chunk
    }
  } catch (error) {
    throw guard.reason() ?? error
  } finally {
    guard.release()
    // A caller that leaves early has lost its place in the stream.
    if (remaining > 0) abort(guard.reason() ?? new NetworkError('STREAM_CLOSED', 'The reader left early.'))
  }
}

/** Aborts the stream when time is up or the caller lost interest; `reason` tells which, if any. */
function startGuard(what: string, options: WaitOptions, abort: (reason: Error) => void) {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  let reason: Error | null = null
  const end = (error: Error): void => {
    reason ??= error
    abort(reason)
  }
  const onAbort = (): void => end(new CancelledError(what))
  // One signal of a long task may guard hundreds of waits; Node warns of a leak from the eleventh on.
  if (options.signal !== undefined) setMaxListeners(0, options.signal)
  if (options.signal?.aborted === true) onAbort()
  options.signal?.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => end(new TimeoutError(what, timeoutMs)), timeoutMs)
  return {
    reason: () => reason,
    release(): void {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', onAbort)
    },
  }
}

/** Two bounds, not one: a slow peer that still takes bytes must not lose them to the wait for its farewell. */
async function closeInOrder(stream: Stream): Promise<void> {
  if (stream.status !== 'open') return
  const closed = new Promise<void>((resolve) => stream.addEventListener('close', () => resolve(), { once: true }))
  const abortAfter = (ms: number): NodeJS.Timeout =>
    setTimeout(() => stream.abort(new TimeoutError('Closing a stream', ms)), ms)
  let timer = abortAfter(defaultTimeoutMs)
  try {
    await stream.close()
    clearTimeout(timer)
    timer = abortAfter(closeGraceMs)
    if (stream.readStatus === 'paused') stream.resume()
    await closed
  } catch {
    stream.abort(cannotWrite())
  } finally {
    clearTimeout(timer)
  }
}

async function sendSlice(stream: Stream, slice: Uint8Array): Promise<void> {
  if (stream.writeStatus !== 'writable') throw cannotWrite()
  try {
    stream.send(slice)
    if (stream.writeBufferLength > unsentBytesAllowed) await belowAllowed(stream)
  } catch (error) {
    throw new NetworkError('STREAM_CLOSED', 'The peer closed the stream before it had taken everything.', {
      cause: error,
    })
  }
}

/**
 * Resolves when the stream holds little that is not sent. The library's own `onDrain` cannot be used: after its first
 * drain it answers at once for ever (utils 7.4), and a sender would buffer a whole file.
 */
function belowAllowed(stream: Stream): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (result: () => void): void => {
      stream.removeEventListener('drain', look)
      stream.removeEventListener('idle', look)
      stream.removeEventListener('close', onClose)
      result()
    }
    // The stream goes on sending in a microtask of its own drain listener: look after it.
    const look = (): void =>
      queueMicrotask(() => {
        if (stream.writeBufferLength <= unsentBytesAllowed) settle(resolve)
      })
    const onClose = (): void => settle(() => reject(cannotWrite()))
    stream.addEventListener('drain', look)
    stream.addEventListener('idle', look)
    stream.addEventListener('close', onClose)
    if (stream.status !== 'open') onClose()
  })
}

function cannotWrite(): NetworkError {
  return new NetworkError('STREAM_CLOSED', 'The stream is closed and takes no more bytes.')
}
