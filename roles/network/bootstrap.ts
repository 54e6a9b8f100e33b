import type { Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { Log } from '../api/values.ts'

/** How many of the listed peers are dialled; all are remembered. A full mesh of handshakes would slow a start. */
const dialAtOnce = 3
/** How often a node without any connection tries again, at first and at most. */
const firstRetryMs = 1_000
const longestRetryMs = 30_000

/** Keeps a node attached to the network through its bootstrap peers. */
export type Bootstrap = {
  /** Remembers the addresses and, while there is no connection, dials some of them. Bad addresses are skipped. */
  add(addresses: readonly string[]): Promise<void>
  stop(): void
}

/** Starts dialling in the background; a node is ready before anyone answers. */
export function startBootstrap(node: Libp2p, initial: readonly string[], log: Log): Bootstrap {
  const known = new Map<string, Multiaddr>()
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | null = null
  let retryMs = firstRetryMs

  const dialSome = async (): Promise<void> => {
    const chosen = shuffle([...known.values()]).slice(0, dialAtOnce)
    const results = await Promise.allSettled(chosen.map((address) => node.dial(address, { signal: stopping.signal })))
    const reached = results.filter((result) => result.status === 'fulfilled').length
    log.debug('Dialled bootstrap peers.', { tried: chosen.length, reached })
  }
  const watch = (): void => {
    timer = setTimeout(
      () => {
        const lonely = node.getConnections().length === 0 && known.size > 0
        const round = lonely ? dialSome() : Promise.resolve()
        retryMs = lonely ? Math.min(retryMs * 2, longestRetryMs) : firstRetryMs
        void round.finally(() => {
          if (!stopping.signal.aborted) watch()
        })
      },
      Math.max(retryMs, node.getConnections().length === 0 ? 0 : 5_000) * (0.8 + Math.random() * 0.4),
    )
    timer.unref()
  }
  const add = async (addresses: readonly string[]): Promise<void> => {
    const own = node.peerId.toString()
    for (const text of addresses) {
      const parsed = parseAddress(text)
      if (parsed === null || parsed.peer === own) {
        if (parsed === null) log.warn('A bootstrap address is not usable.', { address: text.slice(0, 200) })
        continue
      }
      known.set(parsed.peer, parsed.address)
      await node.peerStore.merge(peerIdFromString(parsed.peer), { multiaddrs: [parsed.address] })
    }
    if (node.getConnections().length === 0 && known.size > 0 && !stopping.signal.aborted) void dialSome()
  }
  void add(initial)
  watch()
  return {
    add,
    stop() {
      stopping.abort()
      if (timer !== null) clearTimeout(timer)
    },
  }
}

/** The address and the peer it names, or null when it is not a complete multiaddr with a peer id. */
function parseAddress(text: string): { address: Multiaddr; peer: string } | null {
  try {
    const address = multiaddr(text)
    const peer = address.getComponents().findLast((part) => part.name === 'p2p')?.value
    return peer === undefined ? null : { address, peer: peerIdFromString(peer).toString() }
  } catch {
    return null
  }
}

function shuffle<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1))
    const held = items[last] as T
    items[last] = items[other] as T
    items[other] = held
  }
  return items
}
