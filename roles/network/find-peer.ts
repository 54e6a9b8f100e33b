import type { Connection, Libp2p, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { CancelledError, TimeoutError } from '../api/errors.ts'
import { NetworkError } from './errors.ts'
import type { WaitOptions } from './framed-stream.ts'

/** Bound of a DHT lookup; beyond it a home network's answer is not worth waiting for, unless the caller is patient. */
const lookupTimeoutMs = 3_000
/** Share of a patient caller's time that a lookup may take: where every processor renders, answers take their time. */
const lookupShare = 0.5
/** While this young, a node asks again: its first peers may not have been entered in anyone's table yet. */
const youngMs = 15_000
const askAgainAfterMs = 250

/**
 * A connection to a peer: the open one, else by known addresses, else by addresses that the DHT tells.
 *
 * Addresses that failed are looked up anew once, since homes change theirs. Throws NetworkError PEER_UNKNOWN or
 * PEER_UNREACHABLE, TimeoutError or CancelledError.
 */
export async function connectTo(
  node: Libp2p,
  peer: string,
  options: Required<WaitOptions> & { startedAtMs: number },
): Promise<Connection> {
  const peerId = parsePeerId(peer)
  const open = node.getConnections(peerId).find((connection) => connection.status === 'open')
  if (open !== undefined) return open
  const known = await knownAddresses(node, peerId)
  if (known.length > 0) {
    try {
      return await node.dial(peerId, { signal: options.signal })
    } catch (error) {
      throwIfEnded(peer, options, error)
    }
  }
  const young = performance.now() - options.startedAtMs < youngMs
  const found = await lookUp(node, peerId, options, young && known.length === 0)
  if (found.length === 0) {
    if (known.length > 0) throw unreachable(peer)
    throw new NetworkError('PEER_UNKNOWN', `Nobody knows an address of peer ${peer}.`, {
      action: 'It may be switched off; other providers are used meanwhile.',
    })
  }
  if (found.every((address) => known.includes(address))) throw unreachable(peer)
  try {
    return await node.dial(peerId, { signal: options.signal })
  } catch (error) {
    throwIfEnded(peer, options, error)
    throw unreachable(peer, error)
  }
}

function parsePeerId(peer: string): PeerId {
  try {
    return peerIdFromString(peer)
  } catch (error) {
    throw new NetworkError('PEER_UNKNOWN', `"${peer.slice(0, 80)}" is not a peer id.`, { cause: error })
  }
}

async function knownAddresses(node: Libp2p, peerId: PeerId): Promise<string[]> {
  try {
    return (await node.peerStore.get(peerId)).addresses.map((address) => address.multiaddr.toString())
  } catch {
    return []
  }
}

async function lookUp(
  node: Libp2p,
  peerId: PeerId,
  options: Required<WaitOptions>,
  insist: boolean,
): Promise<string[]> {
  const boundMs = Math.max(lookupTimeoutMs, options.timeoutMs * lookupShare)
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(boundMs)])
  while (true) {
    const found = await lookUpOnce(node, peerId, signal)
    if (found.length > 0) return found
    throwIfEnded(peerId.toString(), options, new CancelledError('Finding a peer'))
    if (!insist || signal.aborted) return []
    await new Promise((resolve) => setTimeout(resolve, askAgainAfterMs))
  }
}

async function lookUpOnce(node: Libp2p, peerId: PeerId, signal: AbortSignal): Promise<string[]> {
  try {
    const info = await node.peerRouting.findPeer(peerId, { signal, useCache: false })
    await node.peerStore.merge(peerId, { multiaddrs: info.multiaddrs })
    return info.multiaddrs.map((address) => address.toString())
  } catch {
    return []
  }
}

function throwIfEnded(peer: string, options: Required<WaitOptions>, error: unknown): void {
  if (!options.signal.aborted) return
  if (options.signal.reason instanceof DOMException && options.signal.reason.name === 'TimeoutError') {
    throw new TimeoutError(`Reaching peer ${peer}`, options.timeoutMs)
  }
  throw error instanceof CancelledError ? error : new CancelledError(`Reaching peer ${peer}`)
}

function unreachable(peer: string, cause?: unknown): NetworkError {
  return new NetworkError('PEER_UNREACHABLE', `Peer ${peer} does not answer at any known address.`, {
    action: 'It may be switched off; other providers are used meanwhile.',
    cause,
  })
}
