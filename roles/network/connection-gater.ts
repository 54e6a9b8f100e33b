import type { ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface'

/** The address without its port, as far as bounds per host are concerned. */
export function hostOf(multiaddr: string): string {
  return multiaddr.split('/').slice(0, 3).join('/')
}

/**
 * Turns away hosts that hold too many connections, and peers without an account: every peer of Hearth is a secp256k1
 * key, because its on-chain identity derives from it.
 */
export function createConnectionGater(
  maxInboundPerHost: number,
  inboundHosts: () => readonly string[],
): ConnectionGater {
  const lacksAccount = (peer: PeerId): boolean => peer.type !== 'secp256k1'
  return {
    denyDialMultiaddr: () => false,
    denyInboundConnection(connection: MultiaddrConnection) {
      const host = hostOf(connection.remoteAddr.toString())
      return inboundHosts().filter((other) => other === host).length >= maxInboundPerHost
    },
    denyInboundEncryptedConnection: lacksAccount,
    denyOutboundEncryptedConnection: lacksAccount,
  }
}
