import { setMaxListeners } from 'node:events'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { createLibp2p } from 'libp2p'
import { CancelledError, HearthError, TimeoutError } from '../api/errors.ts'
import type { Log, Undo } from '../api/values.ts'
import { addressOfPeerId } from './addresses.ts'
import { startBootstrap } from './bootstrap.ts'
import { createConnectionGater, hostOf } from './connection-gater.ts'
import { NetworkError } from './errors.ts'
import { connectTo } from './find-peer.ts'
import { createFramedStream, type FramedStream } from './framed-stream.ts'
import { createGossip, type Gossip } from './gossip.ts'
import { libp2pKeyOf, type IdentityKey } from './identity.ts'
import { quietLogger } from './libp2p-logger.ts'
import { libp2pOptions, type Services } from './libp2p-options.ts'
import { internetLimits, isLoopbackOnly, loopbackLimits, type ConnectionLimits } from './limits.ts'

export type NetworkNodeOptions = {
  readonly identity: IdentityKey
  /** Multiaddrs to listen on; empty = this node only dials. */
  readonly listen: readonly string[]
  /** Multiaddrs with peer ids; they show where the network is, not who may be trusted. */
  readonly bootstrapPeers: readonly string[]
  /** `server` answers DHT queries of others, `client` only asks. */
  readonly mode: 'server' | 'client'
  readonly limits?: Partial<ConnectionLimits>
  /** Takes part in gossip (`NetworkNode.gossip`). */
  readonly gossip?: boolean
  readonly log: Log
  readonly signal?: AbortSignal
}

export type NetworkConnection = {
  readonly peerId: string
  /** Checksummed account of the peer. */
  readonly address: string
  readonly multiaddr: string
  readonly direction: 'inbound' | 'outbound'
}

/** One peer of the network. Identities are proven by the handshake; what is said on a stream is not. */
export type NetworkNode = {
  readonly peerId: string
  /** Own addresses with the peer id at the end, as others may dial them. */
  multiaddrs(): string[]
  addBootstrapPeers(addresses: readonly string[]): Promise<void>
  /** Serves a protocol. A handler that throws loses its stream, nothing else; it is closed after the handler returns. */
  handle(
    protocol: string,
    handler: (stream: FramedStream) => Promise<void>,
    options: { maxInboundStreams: number },
  ): Undo
  /** Opens a conversation. Throws NetworkError PEER_* or PROTOCOL_REFUSED, TimeoutError, CancelledError. */
  open(peer: string, protocol: string, options: { signal?: AbortSignal; timeoutMs: number }): Promise<FramedStream>
  connections(): NetworkConnection[]
  /** Topics shared with others; null unless the node was started with `gossip`. */
  readonly gossip: Gossip | null
  /** Closes all connections and listeners; idempotent. */
  stop(): Promise<void>
}

/** Starts a peer. Resolves when it listens; finding others goes on in the background. */
export async function createNetworkNode(options: NetworkNodeOptions): Promise<NetworkNode> {
  if (options.signal?.aborted === true) throw new CancelledError('Starting the network')
  const loopback = isLoopbackOnly(options.listen.length > 0 ? options.listen : options.bootstrapPeers)
  const limits = { ...(loopback ? loopbackLimits : internetLimits), ...options.limits }
  const inboundHosts = (): string[] =>
    node
      .getConnections()
      .filter((connection) => connection.direction === 'inbound')
      .map((connection) => hostOf(connection.remoteAddr.toString()))
  const node: Libp2p<Services> = await createLibp2p(
    libp2pOptions({
      privateKey: libp2pKeyOf(options.identity),
      listen: options.listen,
      mode: options.mode,
      loopback,
      gossip: options.gossip === true,
      limits,
      gater: createConnectionGater(limits.maxInboundPerHost, inboundHosts),
      logger: quietLogger,
    }),
  )
  await start(node, options.listen)
  const startedAtMs = performance.now()
  const bootstrap = startBootstrap(node, options.bootstrapPeers, options.log)
  let stopped: Promise<void> | null = null
  const stop = (): Promise<void> => {
    bootstrap.stop()
    stopped ??= Promise.resolve(node.stop())
    return stopped
  }
  if (options.signal !== undefined) {
    setMaxListeners(0, options.signal)
    options.signal.addEventListener('abort', () => void stop(), { once: true })
  }
  return {
    peerId: node.peerId.toString(),
    multiaddrs: () => node.getMultiaddrs().map((address) => address.toString()),
    addBootstrapPeers: (addresses) => bootstrap.add(addresses),
    handle: (protocol, handler, limit) => serve(node, protocol, handler, limit.maxInboundStreams, options.log),
    open: (peer, protocol, wait) => open(node, peer, protocol, { ...wait, startedAtMs }),
    connections: () => node.getConnections().map(describe),
    gossip: node.services.gossip === undefined ? null : createGossip(node.services.gossip, options.log),
    stop,
  }
}

async function start(node: Libp2p, listen: readonly string[]): Promise<void> {
  try {
    await node.start()
  } catch (error) {
    await Promise.resolve(node.stop()).catch(() => undefined)
    throw new NetworkError('CANNOT_LISTEN', `Hearth cannot listen on ${listen.join(', ') || 'the network'}.`, {
      action: 'Another program may use this port; choose another one or stop that program.',
      cause: error,
    })
  }
}

function describe(connection: Connection): NetworkConnection {
  return {
    peerId: connection.remotePeer.toString(),
    address: addressOfPeerId(connection.remotePeer),
    multiaddr: connection.remoteAddr.toString(),
    direction: connection.direction,
  }
}

function serve(
  node: Libp2p,
  protocol: string,
  handler: (stream: FramedStream) => Promise<void>,
  maxInboundStreams: number,
  log: Log,
): Undo {
  const onStream = (stream: Stream, connection: Connection): void => {
    void converse(stream, connection, handler, protocol, log)
  }
  const registered = node.handle(protocol, onStream, { maxInboundStreams, maxOutboundStreams: 64, force: true })
  registered.catch((error: unknown) => log.error('A protocol could not be served.', { protocol, error: String(error) }))
  return () => void node.unhandle(protocol).catch(() => undefined)
}

/** Holds every failure of a conversation inside it. */
async function converse(
  stream: Stream,
  connection: Connection,
  handler: (stream: FramedStream) => Promise<void>,
  protocol: string,
  log: Log,
): Promise<void> {
  try {
    const framed = createFramedStream(stream, connection)
    try {
      await handler(framed)
      await framed.close()
    } catch (error) {
      framed.abort(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  } catch (error) {
    const code = error instanceof HearthError ? error.code : 'UNEXPECTED'
    const details = { protocol, peer: connection.remotePeer.toString(), code, message: String(error) }
    if (code === 'UNEXPECTED') log.error('A conversation failed.', details)
    else log.debug('A conversation ended early.', details)
  }
}

async function open(
  node: Libp2p,
  peer: string,
  protocol: string,
  options: { signal?: AbortSignal; timeoutMs: number; startedAtMs: number },
): Promise<FramedStream> {
  if (node.status !== 'started') throw new NetworkError('NETWORK_STOPPED', 'This node was stopped.')
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal])
  // libp2p listens many times to the signal of one dial.
  setMaxListeners(0, signal)
  const connection = await connectTo(node, peer, { ...options, signal })
  try {
    const stream = await connection.newStream(protocol, { signal })
    return createFramedStream(stream, connection)
  } catch (error) {
    if (options.signal?.aborted === true) throw new CancelledError(`Opening ${protocol}`)
    if (timeout.aborted) throw new TimeoutError(`Opening ${protocol} to peer ${peer}`, options.timeoutMs)
    throw new NetworkError('PROTOCOL_REFUSED', `Peer ${peer} does not answer on ${protocol}.`, { cause: error })
  }
}
