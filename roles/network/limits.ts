/** Bounds that keep one host, or all together, from exhausting this one. Set, never left to the library. */
export type ConnectionLimits = {
  /** Connections in all; the least useful ones are closed above it. */
  readonly maxConnections: number
  /** Open inbound connections from one host (one IPv4 address; loopback is exempt through `loopback`). */
  readonly maxInboundPerHost: number
  /** New inbound connections a second from one host. */
  readonly inboundPerSecondPerHost: number
  /** Inbound connections whose handshake is not done. */
  readonly maxPendingInbound: number
  /** Streams in each direction on one connection, of all protocols together. */
  readonly maxStreamsPerConnection: number
  readonly maxParallelDials: number
  /** For one address; a provider that is gone must not hold up its customers. */
  readonly addressDialTimeoutMs: number
  /** For all addresses of a peer together, handshakes included. */
  readonly dialTimeoutMs: number
}

/** A home on the internet: QUALITY P8 wants 300 connections; hosts behind one address are few. */
export const internetLimits: ConnectionLimits = {
  maxConnections: 400,
  maxInboundPerHost: 16,
  inboundPerSecondPerHost: 10,
  maxPendingInbound: 40,
  maxStreamsPerConnection: 128,
  maxParallelDials: 50,
  addressDialTimeoutMs: 3_000,
  dialTimeoutMs: 6_000,
}

/** Practice: all peers share the host's loopback address, so bounds per host cannot tell them apart. */
export const loopbackLimits: ConnectionLimits = {
  ...internetLimits,
  maxInboundPerHost: 400,
  inboundPerSecondPerHost: 400,
  maxPendingInbound: 100,
}

/** True when every address is of this machine only; a node without addresses follows its bootstrap peers. */
export function isLoopbackOnly(multiaddrs: readonly string[]): boolean {
  return multiaddrs.length > 0 && multiaddrs.every((address) => /^\/ip4\/127\.|^\/ip6\/::1\//.test(address))
}
