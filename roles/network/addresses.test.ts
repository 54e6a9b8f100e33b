import { Wallet, getBytes } from 'ethers'
import { describe, expect, it } from 'vitest'
import { addressOfPeerId, addressOfPublicKey, peerIdOfPublicKey, prefixOfMultiaddr } from './addresses.ts'

const wallet = new Wallet(`0x${'7b'.repeat(32)}`)

describe('addresses', () => {
  it('derives one account and one peer id from every form of a key', () => {
    const compressed = getBytes(wallet.signingKey.compressedPublicKey)
    const full = getBytes(wallet.signingKey.publicKey)
    for (const key of [compressed, full, full.subarray(1)]) {
      expect(addressOfPublicKey(key)).toBe(wallet.address)
      expect(addressOfPeerId(peerIdOfPublicKey(key))).toBe(wallet.address)
    }
  })

  it.each([
    ['/ip4/203.0.113.77/tcp/1', false, 'ip4 203.0.113.0/24'],
    ['/ip4/203.0.113.1/tcp/9', true, 'ip4 203.0.113.0/24'],
    ['/ip4/127.0.7.1/tcp/1', true, 'practice 127.0.7.1'],
    ['/ip4/127.0.0.1/tcp/4001', true, 'practice 127.0.0.1:4001'],
    ['/ip4/127.0.0.1/tcp/4001', false, 'ip4 127.0.0.0/24'],
    ['/ip6/2001:db8:1:2::5/tcp/1', false, 'ip6 2001:db8:1::/48'],
    ['/ip6/2001:0db8:0001:ffff::1/tcp/1', false, 'ip6 2001:db8:1::/48'],
    ['/ip6/::ffff:203.0.113.9/tcp/1', false, 'ip4 203.0.113.0/24'],
    ['/ip6/::1/tcp/70', true, 'practice ::1:70'],
    ['/dns4/Example.org/tcp/1', false, 'name example.org'],
  ])('puts %s (practice %s) into %s', (address, practice, prefix) => {
    expect(prefixOfMultiaddr(address, { practice })).toBe(prefix)
  })
})
