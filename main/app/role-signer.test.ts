import { Wallet, getBytes, hexlify, verifyTypedData, ZeroHash } from 'ethers'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  auditResultTypedData,
  departureTypedData,
  pieceAcceptanceTypedData,
  panelVoteTypedData,
  priceTermsTypedData,
  renderCommitTypedData,
  stopWorkTypedData,
  takeWorkTypedData,
} from '../../contracts/client/index.ts'
import type { NetworkFile } from '../../contracts/client/index.ts'
import { libp2pDomainOf } from './libp2p-domains.ts'
import { createRoleSigner } from './role-signer.ts'

const address = (digit: string) => `0x${digit.repeat(40)}`
const network: NetworkFile = {
  formatVersion: 1,
  practice: true,
  name: 'Test',
  symbol: 'PLAY',
  chainId: 7,
  genesisHash: ZeroHash,
  rpcUrls: ['http://127.0.0.1:1'],
  contracts: {
    HearthToken: address('1'),
    Registry: address('2'),
    Seeds: address('3'),
    Payments: address('4'),
    StorageMarket: address('5'),
    Stewardship: address('6'),
    RepairFund: address('7'),
    Rewards: address('8'),
    RenderPool: address('9'),
    RenderMarket: address('a'),
    RenderPanel: address('b'),
    EnergyCertificates: address('c'),
    EnergyMarket: address('d'),
  },
  deployedAtBlock: 0,
  bootstrapPeers: [],
  journeyUrl: null,
  nativeWeiPerToken: '0',
}
const wallet = new Wallet(`0x${'42'.repeat(32)}`)
const privateKey = getBytes(wallet.privateKey)
const sign = createRoleSigner({ privateKey, node: wallet.address, network })
const bytes = (text: string) => new TextEncoder().encode(text)
const concat = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts))

describe('what libp2p has signed', () => {
  test.each([
    ['tls', concat(bytes('libp2p-tls-handshake:'), new Uint8Array(91))],
    ['noise', concat(bytes('noise-libp2p-static-key:'), new Uint8Array(32))],
    ['peerRecord', concat(new Uint8Array([18]), bytes('libp2p-peer-record'), new Uint8Array([2, 3, 1, 0]))],
  ] as const)('of %s is signed as libp2p verifies it', async (domain, message) => {
    expect(libp2pDomainOf(message)).toBe(domain)
    const signature = await sign({ kind: 'libp2p', bytes: message })
    const publicKey = getBytes(wallet.signingKey.compressedPublicKey)
    expect(secp256k1.verify(signature, message, publicKey, { format: 'der', prehash: true })).toBe(true)
  })

  test('any other bytes are refused: a worker cannot have a transaction, a text or a hash signed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (message) => {
        await expect(sign({ kind: 'libp2p', bytes: message })).rejects.toMatchObject({ code: 'SIGN_REFUSED' })
      }),
    )
    const endless = concat(bytes('libp2p-tls-handshake:'), new Uint8Array(64 * 1024))
    await expect(sign({ kind: 'libp2p', bytes: endless })).rejects.toMatchObject({ code: 'SIGN_REFUSED' })
  })
})

describe('typed data', () => {
  test('is rebuilt here for this network and this node, whatever the worker asks for', async () => {
    const terms = { pricePerGiBPeriodWei: '7', retrievalPricePerMiBWei: '8', minimumBytesPerSecond: 9, sequence: 1 }
    const typed = priceTermsTypedData(network, {
      node: wallet.address,
      pricePerGiBPeriodWei: 7n,
      retrievalPricePerMiBWei: 8n,
      minimumBytesPerSecond: 9,
      sequence: 1,
    })
    const signature = hexlify(await sign({ kind: 'priceTerms', ...terms }))
    expect(verifyTypedData(typed.domain, typed.types, typed.value, signature)).toBe(wallet.address)
    const acceptance = {
      kind: 'pieceAcceptance' as const,
      customer: address('a'),
      piecesHash: ZeroHash,
      expirySeconds: 5,
    }
    const accepted = pieceAcceptanceTypedData(network, {
      node: wallet.address,
      customer: address('a'),
      piecesHash: ZeroHash,
      expirySeconds: 5,
      pricePerGiBPeriodWei: 7n,
      retrievalPricePerMiBWei: 8n,
      minimumBytesPerSecond: 9,
      sequence: 1,
    })
    const acceptedSignature = hexlify(await sign({ ...acceptance, ...terms }))
    expect(verifyTypedData(accepted.domain, accepted.types, accepted.value, acceptedSignature)).toBe(wallet.address)
  })

  test('a worker can consent to leave for its own node only', async () => {
    const departure = { customer: address('a'), heir: null, sequence: 4, expirySeconds: 90 }
    const signature = hexlify(await sign({ kind: 'departure', ...departure }))
    const typed = departureTypedData(network, { ...departure, node: wallet.address })
    expect(verifyTypedData(typed.domain, typed.types, typed.value, signature)).toBe(wallet.address)
    const toHeir = departureTypedData(network, { ...departure, heir: address('b'), node: wallet.address })
    expect(verifyTypedData(toHeir.domain, toHeir.types, toHeir.value, signature)).not.toBe(wallet.address)
  })

  test('a worker can agree with an audit of its own node only', async () => {
    const counts = { asked: 8, right: 8, late: 0, wrong: 0, silent: 0, latencyMs: 40 }
    const result = { customer: address('a'), period: 3, atSeconds: 90, ...counts }
    const signature = hexlify(await sign({ kind: 'auditResult', ...result }))
    const typed = auditResultTypedData(network, { ...result, node: wallet.address })
    expect(verifyTypedData(typed.domain, typed.types, typed.value, signature)).toBe(wallet.address)
    const foreign = auditResultTypedData(network, { ...result, node: address('b') })
    expect(verifyTypedData(foreign.domain, foreign.types, foreign.value, signature)).not.toBe(wallet.address)
  })
})

describe('what a render node says', () => {
  const node = wallet.address
  const jobId = `0x${'ab'.repeat(32)}`
  const commitments = [`0x${'01'.repeat(32)}`, `0x${'02'.repeat(32)}`]
  const offer = { backEndClass: 0, capacity: 2, untilSeconds: 1_800_000_000 }
  const vote = { jobId, task: 4, commitment: commitments[0]!, voteBySeconds: 1_800_000_000 }

  test.each([
    [{ kind: 'takeWork', ...offer }, takeWorkTypedData(network, { node, ...offer })],
    [
      { kind: 'stopWork', untilSeconds: 1_800_000_000 },
      stopWorkTypedData(network, { node, untilSeconds: 1_800_000_000 }),
    ],
    [
      { kind: 'renderCommit', jobId, tasks: [3, 4], commitments },
      renderCommitTypedData(network, { jobId, node, tasks: [3, 4], commitments }),
    ],
    [{ kind: 'panelVote', ...vote }, panelVoteTypedData(network, { member: node, ...vote })],
  ] as const)('is signed for this node and this network: %j', async (request, { domain, types, value }) => {
    const signature = hexlify(await sign(request as Parameters<typeof sign>[0]))
    expect(verifyTypedData(domain, types, value, signature)).toBe(node)
  })
})
