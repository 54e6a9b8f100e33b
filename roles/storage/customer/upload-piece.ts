import type { NetworkNode } from '../../network/index.ts'
import { goAheadSchema, storagePutProtocol, storedSchema } from '../protocol/frames.ts'
import { ProviderFaultError, RefusedError } from './errors.ts'
import { guardedTimeoutMs, type Patience } from './patience.ts'
import { createStallGuard } from './stall-guard.ts'

/** Names the deployment in every request, so that a node of another network refuses at once. */
export type NetworkFields = { readonly chainId: number; readonly market: string }

export type UploadOptions = {
  readonly peerId: string
  readonly network: NetworkFields
  readonly root: Uint8Array
  /** The masked piece; may lie in shared memory that is reused after the call. */
  readonly bytes: Uint8Array
  readonly patience: Patience
  readonly onProgress?: (bytes: number) => void
  readonly signal?: AbortSignal
}

/** One write: big enough to keep the link full, small enough that progress shows. */
const sliceBytes = 256 * 1024

/** Sends one piece to one provider and waits until it is on its disk. Throws RefusedError, NetworkError, TimeoutError, CancelledError. */
export async function uploadPiece(node: NetworkNode, options: UploadOptions): Promise<{ keptUntilSeconds: number }> {
  const { bytes, root, network, patience } = options
  const guard = createStallGuard('Sending a piece', patience.dialMs + patience.stallMs, options.signal)
  const stream = await node
    .open(options.peerId, storagePutProtocol, { signal: guard.signal, timeoutMs: patience.dialMs })
    .catch((error: unknown) => {
      guard.release()
      throw error
    })
  const wait = { signal: guard.signal, timeoutMs: guardedTimeoutMs }
  try {
    await stream.writeFrame({ kind: 'putPiece', ...network, root, lengthBytes: bytes.length }, wait)
    const goAhead = await stream.readFrame(goAheadSchema, wait)
    if (goAhead.kind === 'refused') throw new RefusedError(goAhead.code, goAhead.message)
    if (!goAhead.alreadyHeld) {
      await stream.writeBytes(
        slices(bytes, (count) => {
          guard.progress()
          options.onProgress?.(count)
        }),
        wait,
      )
    }
    guard.progress()
    const stored = await stream.readFrame(storedSchema, wait)
    if (stored.kind === 'refused') throw new RefusedError(stored.code, stored.message)
    if (stored.lengthBytes !== bytes.length || Buffer.compare(stored.root, root) !== 0) {
      throw new ProviderFaultError('The provider confirmed another piece than the one it got.')
    }
    await stream.close()
    return { keptUntilSeconds: stored.keptUntilSeconds }
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    throw guard.stalled() ?? error
  } finally {
    guard.release()
  }
}

/** Copies, since the muxer may hold a chunk for a while and the piece's memory is reused. */
function* slices(bytes: Uint8Array, onSlice: (count: number) => void): Generator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += sliceBytes) {
    const slice = bytes.slice(offset, offset + sliceBytes)
    yield slice.buffer instanceof SharedArrayBuffer ? new Uint8Array(slice) : slice
    onSlice(slice.length)
  }
}
