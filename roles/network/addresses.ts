import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { PeerId } from '@libp2p/interface'
import { peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { computeAddress, hexlify } from 'ethers'
import { NetworkError } from './errors.ts'

/** Brings a public key (33 compressed, 64 raw or 65 uncompressed bytes) into its compressed form. */
export function compressPublicKey(publicKey: Uint8Array): Uint8Array {
  if (publicKey.length === 33) return publicKey
  const full = publicKey.length === 64 ? Uint8Array.of(4, ...publicKey) : publicKey
  return secp256k1.Point.fromBytes(full).toBytes(true)
}

/** The checksummed account of a secp256k1 public key: the on-chain `node` of a peer. */
export function addressOfPublicKey(publicKey: Uint8Array): string {
  return computeAddress(hexlify(compressPublicKey(publicKey)))
}

/** The peer id of a secp256k1 public key (compressed, or the registry's 64 bytes), as text. */
export function peerIdOfPublicKey(publicKey: Uint8Array): string {
  return peerIdFromPublicKey(publicKeyFromRaw(compressPublicKey(publicKey))).toString()
}

/** The account behind a peer id. Throws NetworkError PEER_NOT_AN_ACCOUNT for any other key type. */
export function addressOfPeerId(peer: string | PeerId): string {
  const peerId = typeof peer === 'string' ? peerIdFromString(peer) : peer
  if (peerId.type !== 'secp256k1') {
    throw new NetworkError(
      'PEER_NOT_AN_ACCOUNT',
      `Peer ${peerId.toString()} has no account: its key is ${peerId.type}.`,
    )
  }
  return addressOfPublicKey(peerId.publicKey.raw)
}

/**
 * The network neighbourhood of an address, for spreading pieces: IPv4 /24, IPv6 /48.
 *
 * In practice every 127.x.y.z counts as its own (macOS binds only 127.0.0.1: there every port does). A name that is not
 * an IP address is its own neighbourhood.
 */
export function prefixOfMultiaddr(address: string, options: { practice: boolean }): string {
  const parts = multiaddr(address).getComponents()
  const host = parts.find((part) => part.name === 'ip4' || part.name === 'ip6' || part.name.startsWith('dns'))
  const port = parts.find((part) => part.name === 'tcp' || part.name === 'udp')?.value ?? ''
  if (host?.value === undefined) return address
  if (host.name === 'ip4') return prefixOfIpv4(host.value, port, options.practice)
  if (host.name === 'ip6') return prefixOfIpv6(host.value, port, options.practice)
  return `name ${host.value.toLowerCase()}`
}

function prefixOfIpv4(host: string, port: string, practice: boolean): string {
  if (practice && host === '127.0.0.1') return `practice 127.0.0.1:${port}`
  if (practice && host.startsWith('127.')) return `practice ${host}`
  return `ip4 ${host.split('.').slice(0, 3).join('.')}.0/24`
}

function prefixOfIpv6(host: string, port: string, practice: boolean): string {
  const groups = expandIpv6(host)
  if (practice && groups.join(':') === '0:0:0:0:0:0:0:1') return `practice ::1:${port}`
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff') {
    const [high, low] = [parseInt(groups[6] ?? '0', 16), parseInt(groups[7] ?? '0', 16)]
    return prefixOfIpv4(`${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`, port, practice)
  }
  return `ip6 ${groups.slice(0, 3).join(':')}::/48`
}

/** Eight groups without leading zeros. Dotted tails (RFC 4291, 2.2) are folded in first. */
function expandIpv6(host: string): string[] {
  const plain = (host.split('%')[0] ?? host)
    .toLowerCase()
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, a, b, c, d) => {
      return `${((Number(a) << 8) | Number(b)).toString(16)}:${((Number(c) << 8) | Number(d)).toString(16)}`
    })
  const [head = '', tail] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...zeros, ...right].map((group) => parseInt(group, 16).toString(16))
}
