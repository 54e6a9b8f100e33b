import { autoNAT } from '@libp2p/autonat'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { dcutr } from '@libp2p/dcutr'
import type { GossipSub } from '@libp2p/gossipsub'
import { identify, type Identify } from '@libp2p/identify'
import type { ComponentLogger, ConnectionGater, PrivateKey } from '@libp2p/interface'
import { kadDHT, passthroughMapper, type KadDHT } from '@libp2p/kad-dht'
import { noise } from '@libp2p/noise'
import { ping, type Ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import { yamux } from '@libp2p/yamux'
import type { Libp2pOptions } from 'libp2p'
import { gossipService } from './gossip.ts'
import type { ConnectionLimits } from './limits.ts'

/** The DHT of Hearth's own peers; other libp2p networks use another name and never mix in. */
const dhtProtocol = '/hearth/kad/1.0.0'
/**
 * Yamux grows a stream's window up to this: 140 Mbit/s a stream at 60 ms, and a file travels over a dozen. Each window may
 * lie unsent in memory, because a window update lets a stream send even when its connection is full (yamux 8.0).
 */
const maximumWindowBytes = 1024 * 1024

export type Libp2pParts = {
  readonly privateKey: PrivateKey
  readonly listen: readonly string[]
  readonly mode: 'server' | 'client'
  readonly loopback: boolean
  /** Takes part in gossip; only roles that need it pay for it. */
  readonly gossip?: boolean
  readonly limits: ConnectionLimits
  readonly gater: ConnectionGater
  readonly logger: ComponentLogger
}

/** The protocols that every node runs besides its own, and gossip where it was asked for. */
export type Services = {
  readonly identify: Identify
  readonly ping: Ping
  readonly dht: KadDHT
  readonly gossip?: GossipSub
}

/**
 * All settings of libp2p in one place.
 *
 * TLS stands before Noise: three times as fast inside Electron (RUNTIME decision 8). Windows begin at the 256 KiB that
 * yamux specifies, because the first window is not negotiated. On loopback there is no NAT to cross, so autonat, hole
 * punching and relayed connections are left out there.
 */
export function libp2pOptions(parts: Libp2pParts): Libp2pOptions<Services> {
  const { limits } = parts
  return {
    start: false,
    privateKey: parts.privateKey,
    logger: parts.logger,
    nodeInfo: { name: 'hearth', version: '1' },
    addresses: { listen: [...parts.listen] },
    transports: [
      tcp({ dialOpts: { noDelay: true }, listenOpts: { noDelay: true }, backlog: 256 }),
      ...(parts.loopback ? [] : [circuitRelayTransport()]),
    ],
    connectionEncrypters: [tls(), noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: limits.maxStreamsPerConnection,
        maxOutboundStreams: limits.maxStreamsPerConnection,
        keepAliveInterval: 30_000,
        streamOptions: { maxStreamWindowSize: maximumWindowBytes, maxReadBufferLength: maximumWindowBytes * 2 },
      }),
    ],
    connectionGater: parts.gater,
    connectionManager: connectionManagerOptions(limits),
    connectionMonitor: { enabled: true, pingInterval: 60_000, abortConnectionOnPingFailure: true },
    services: {
      identify: identify({ maxMessageSize: 16 * 1024, maxInboundStreams: 8, maxObservedAddresses: 10 }),
      ping: ping({ maxInboundStreams: 2 }),
      dht: distributedHashTable(parts.mode),
      ...(parts.gossip === true ? { gossip: gossipService(parts) } : {}),
      ...(parts.loopback ? {} : { autoNAT: autoNAT(), dcutr: dcutr() }),
    },
  }
}

function connectionManagerOptions(limits: ConnectionLimits): Libp2pOptions['connectionManager'] {
  return {
    maxConnections: limits.maxConnections,
    inboundConnectionThreshold: limits.inboundPerSecondPerHost,
    maxIncomingPendingConnections: limits.maxPendingInbound,
    maxParallelDials: limits.maxParallelDials,
    maxPeerAddrsToDial: 8,
    dialTimeout: limits.dialTimeoutMs,
    addressDialTimeout: limits.addressDialTimeoutMs,
    inboundUpgradeTimeout: 8_000,
    reconnectRetries: 3,
  }
}

/**
 * Kademlia kept quiet: no start-up burst of self queries (seventeen nodes start at once on one machine), few parallel
 * requests, and queries allowed before the table holds a peer, so that nothing waits for a first self query.
 */
function distributedHashTable(mode: 'server' | 'client') {
  return kadDHT({
    protocol: dhtProtocol,
    clientMode: mode === 'client',
    peerInfoMapper: passthroughMapper,
    allowQueryWithZeroPeers: true,
    initialQuerySelfInterval: 20_000,
    querySelfInterval: 10 * 60_000,
    alpha: 4,
    kBucketSize: 20,
    maxInboundStreams: 32,
    maxOutboundStreams: 32,
  })
}
