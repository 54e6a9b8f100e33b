import type { NetworkNode } from '../../network/index.ts'
import { goAheadSchema, storagePutProtocol, storedSchema } from '../protocol/frames.ts'
import { ProviderFaultError, RefusedError } from './errors.ts'
import { guardedTimeoutMs, type Patience } from './patience.ts'
import { rangeBytes } from './pipeline/jobs.ts'
import { createStallGuard } from './stall-guard.ts'

/** Names the deployment in every request, so that a node of another network refuses at once. */
export type NetworkFields = { readonly chainId: number; readonly market: string }

/** Whose pieces a named repairer places; nothing where the caller is the customer. */
export type OnBehalf = { readonly customer?: string }

/** Makes a range of a piece; see `rangeBytes` for its length. */
export type ReadRange = (from: number, to: number) => Promise<Uint8Array>

/** What stands before an exchange in a protocol that otherwise is the same. */
export type Opening = { readonly protocol: string; readonly frame: unknown }

export type UploadOptions = {
  readonly peerId: string
  readonly network: NetworkFields & OnBehalf
  readonly root: Uint8Array
  readonly lengthBytes: number
  /** Bytes [from, to) of the masked piece, in memory of their own. */
  readonly read: ReadRange
  readonly patience: Patience
  /** Another protocol that goes on as a put after a frame of its own. */
  readonly opening?: Opening
  readonly onProgress?: (bytes: number) => void
  readonly signal?: AbortSignal
}

/** Sends one piece to one provider and waits until it is on its disk. Throws RefusedError, NetworkError, TimeoutError, CancelledError. */
export async function uploadPiece(node: NetworkNode, options: UploadOptions): Promise<{ keptUntilSeconds: number }> {
  const { lengthBytes, root, network, patience } = options
  const guard = createStallGuard('Sending a piece', patience.dialMs + patience.stallMs, options.signal)
  const stream = await node
    .open(options.peerId, options.opening?.protocol ?? storagePutProtocol, {
      signal: guard.signal,
      timeoutMs: patience.dialMs,
    })
    .catch((error: unknown) => {
      guard.release()
      throw error
    })
  const wait = { signal: guard.signal, timeoutMs: guardedTimeoutMs }
  try {
    if (options.opening !== undefined) await stream.writeFrame(options.opening.frame, wait)
    await stream.writeFrame({ kind: 'putPiece', ...network, root, lengthBytes }, wait)
    const goAhead = await stream.readFrame(goAheadSchema, wait)
    if (goAhead.kind === 'refused') throw new RefusedError(goAhead.code, goAhead.message)
    if (!goAhead.alreadyHeld) {
      await stream.writeBytes(
        ranges(options, (count) => {
          guard.progress()
          options.onProgress?.(count)
        }),
        wait,
      )
    }
    guard.progress()
    const stored = await stream.readFrame(storedSchema, wait)
    if (stored.kind === 'refused') throw new RefusedError(stored.code, stored.message)
    if (stored.lengthBytes !== lengthBytes || Buffer.compare(stored.root, root) !== 0) {
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

/** The piece range by range; the next one is made while the one before is sent. */
async function* ranges(
  { lengthBytes, read }: UploadOptions,
  onSent: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  const readFrom = async (from: number): Promise<Uint8Array | null> =>
    from < lengthBytes ? read(from, Math.min(lengthBytes, from + rangeBytes)) : null
  let next = readFrom(0)
  for (let from = rangeBytes; ; from += rangeBytes) {
    const range = await next
    if (range === null) return
    next = readFrom(from)
    next.catch(() => {})
    yield range
    onSent(range.length)
  }
}
