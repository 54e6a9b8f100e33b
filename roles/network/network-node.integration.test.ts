import { randomBytes } from 'node:crypto'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { noise } from '@libp2p/noise'
import { tls } from '@libp2p/tls'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2p } from 'libp2p'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { silentLog, type Log } from '../api/values.ts'
import { addressOfPublicKey } from './addresses.ts'
import { createConnectionGater } from './connection-gater.ts'
import { createNetworkNode, type NetworkNode } from './create-network-node.ts'
import { libp2pKeyOf, localIdentity, type IdentityKey } from './identity.ts'
import { quietLogger } from './libp2p-logger.ts'
import { libp2pOptions } from './libp2p-options.ts'
import { loopbackLimits } from './limits.ts'

const protocol = '/hearth/test/1'
const number = z.strictObject({ number: z.number() })
const started: { stop(): void | Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(started.splice(0).map((node) => node.stop()))
})

async function startNode(
  options: { bootstrap?: NetworkNode; listen?: string[]; identity?: IdentityKey; log?: Log } = {},
): Promise<NetworkNode> {
  const node = await createNetworkNode({
    identity: options.identity ?? localIdentity(randomBytes(32)),
    listen: options.listen ?? ['/ip4/127.0.0.1/tcp/0'],
    bootstrapPeers: options.bootstrap?.multiaddrs() ?? [],
    mode: options.listen?.length === 0 ? 'client' : 'server',
    log: options.log ?? silentLog,
  })
  started.push(node)
  return node
}

async function startRaw(encrypter: 'tls' | 'noise', identity: IdentityKey, log: string[] = []): Promise<Libp2p> {
  const recording: IdentityKey = {
    publicKey: identity.publicKey,
    sign: async (data) => {
      log.push(Buffer.from(data).toString('latin1'))
      // A signer in another process answers later.
      await new Promise((resolve) => setTimeout(resolve, 5))
      return identity.sign(data)
    },
  }
  const options = libp2pOptions({
    privateKey: libp2pKeyOf(recording),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    mode: 'server',
    loopback: true,
    limits: loopbackLimits,
    gater: createConnectionGater(100, () => []),
    logger: quietLogger,
  })
  const node = await createLibp2p({ ...options, connectionEncrypters: [encrypter === 'tls' ? tls() : noise()] })
  await node.start()
  started.push(node)
  return node
}

const echo = (node: NetworkNode) =>
  node.handle(
    protocol,
    async (stream) => {
      const frame = await stream.readFrame(number, { timeoutMs: 500 })
      await stream.writeFrame({ number: frame.number + 1 })
    },
    { maxInboundStreams: 4 },
  )

const ask = async (from: NetworkNode, to: NetworkNode): Promise<number> => {
  const stream = await from.open(to.peerId, protocol, { timeoutMs: 15_000 })
  await stream.writeFrame({ number: 1 })
  const answer = await stream.readFrame(number, { timeoutMs: 5_000 })
  await stream.close()
  return answer.number
}

describe('a remote signer as identity', () => {
  it.each(['tls', 'noise'] as const)('serves %s and identify, and signs only in libp2p domains', async (encrypter) => {
    const signed: string[] = []
    const identity = localIdentity(randomBytes(32))
    const server = await startRaw(encrypter, identity, signed)
    const client = await startRaw(encrypter, localIdentity(randomBytes(32)))
    const connection = await client.dial(server.getMultiaddrs()[0]!)
    expect(connection.remotePeer.toString()).toBe(server.peerId.toString())
    expect(connection.encryption).toBe(encrypter === 'tls' ? '/tls/1.0.0' : '/noise')
    await expect
      .poll(async () => (await client.peerStore.get(server.peerId)).peerRecordEnvelope !== undefined, {
        timeout: 5_000,
      })
      .toBe(true)
    expect(signed.length).toBeGreaterThanOrEqual(2)
    for (const text of signed) {
      // The signed envelope begins with the length of its domain (18 bytes: libp2p-peer-record).
      expect(text).toMatch(/^(libp2p-tls-handshake:|noise-libp2p-static-key:|\x12libp2p-peer-record)/)
    }
  })

  it('shows the account of the peer, proven by the handshake', async () => {
    const identity = localIdentity(randomBytes(32))
    const server = await startNode()
    let seen = ''
    server.handle(
      protocol,
      async (stream) => {
        seen = stream.remoteAddress
        await stream.writeFrame({ number: 1 })
      },
      { maxInboundStreams: 1 },
    )
    const client = await startNode({ bootstrap: server, listen: [], identity })
    const stream = await client.open(server.peerId, protocol, { timeoutMs: 5_000 })
    await stream.readFrame(number, { timeoutMs: 2_000 })
    expect(seen).toBe(addressOfPublicKey(identity.publicKey))
  })

  it('turns away a peer whose key is no account', async () => {
    const server = await startNode()
    const stranger = await createLibp2p({
      ...libp2pOptions({
        privateKey: await generateKeyPair('Ed25519'),
        listen: [],
        mode: 'client',
        loopback: true,
        limits: loopbackLimits,
        gater: {},
        logger: quietLogger,
      }),
      start: true,
    })
    started.push(stranger)
    await stranger.dial(multiaddr(server.multiaddrs()[0])).catch(() => undefined)
    await expect.poll(() => stranger.getConnections().length, { timeout: 3_000 }).toBe(0)
    expect(server.connections()).toEqual([])
  })
})

describe('finding peers', () => {
  it('reaches every one of twelve nodes within seconds knowing only one address', async () => {
    const first = await startNode()
    const others = await Promise.all(
      Array.from({ length: 11 }, (_, index) =>
        startNode({ bootstrap: first, listen: [`/ip4/127.0.${index + 2}.1/tcp/0`] }),
      ),
    )
    for (const node of others) echo(node)
    const customer = await startNode({ bootstrap: first, listen: [] })
    const began = performance.now()
    const answers = await Promise.all(others.map((node) => ask(customer, node)))
    expect(answers).toEqual(others.map(() => 2))
    expect(performance.now() - began).toBeLessThan(20_000)
  })

  it('looks a peer up anew when it has moved to another port', async () => {
    const identity = localIdentity(randomBytes(32))
    const first = await startNode()
    const moving = await startNode({ bootstrap: first, identity })
    echo(moving)
    const customer = await startNode({ bootstrap: first, listen: [] })
    expect(await ask(customer, moving)).toBe(2)
    await moving.stop()
    const moved = await startNode({ bootstrap: first, identity })
    echo(moved)
    await expect.poll(() => ask(customer, moved).catch(() => 0), { timeout: 15_000 }).toBe(2)
  }, 30_000)

  it('says plainly that nobody knows a peer, and that a known one is gone', async () => {
    const first = await startNode()
    const customer = await startNode({ bootstrap: first, listen: [] })
    const gone = await startNode({ bootstrap: first })
    const { peerId } = gone
    await customer.addBootstrapPeers(gone.multiaddrs())
    await gone.stop()
    await expect(customer.open(peerId, protocol, { timeoutMs: 8_000 })).rejects.toMatchObject({
      code: 'PEER_UNREACHABLE',
    })
    const unknown = (await startRaw('tls', localIdentity(randomBytes(32)))).peerId.toString()
    await expect(customer.open(unknown, protocol, { timeoutMs: 1_000 })).rejects.toMatchObject({ code: 'TIMEOUT' })
    await expect(customer.open('../../etc', protocol, { timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'PEER_UNKNOWN',
    })
  }, 20_000)
})

describe('a node on every interface', () => {
  it('starts with hole punching and relaying at hand, and is reached', async () => {
    const server = await startNode({ listen: ['/ip4/0.0.0.0/tcp/0'] })
    echo(server)
    expect(server.multiaddrs().length).toBeGreaterThan(0)
    const customer = await startNode({ bootstrap: server, listen: [] })
    expect(await ask(customer, server)).toBe(2)
  })
})

describe('hostile peers', () => {
  type Attack = [name: string, attack: (raw: { send(bytes: Uint8Array): void }) => void, code: string]
  const attacks: Attack[] = [
    ['a huge length prefix', (raw) => raw.send(Uint8Array.of(0xff, 0xff, 0xff, 0xff)), 'FRAME_TOO_LARGE'],
    ['bytes that are not CBOR', (raw) => raw.send(Uint8Array.of(0, 0, 0, 2, 0xff, 0xff)), 'FRAME_MALFORMED'],
    ['a frame of another shape', (raw) => raw.send(Uint8Array.of(0, 0, 0, 1, 0x01)), 'FRAME_UNEXPECTED'],
    ['half a header and then nothing', (raw) => raw.send(Uint8Array.of(0, 0)), 'TIMEOUT'],
  ]

  it.each(attacks)('end with a named error: %s', async (_name, attack, code) => {
    const codes: string[] = []
    const log: Log = { ...silentLog, debug: (_message, details) => codes.push(String(details?.['code'])) }
    const server = await startNode({ log })
    echo(server)
    const attacker = await startRaw('tls', localIdentity(randomBytes(32)))
    const connection = await attacker.dial(multiaddr(server.multiaddrs()[0]))
    const stream = await connection.newStream(protocol)
    attack({ send: (bytes) => void stream.send(bytes) })
    await expect.poll(() => codes, { timeout: 3_000 }).toContain(code)
    await expect.poll(() => stream.status, { timeout: 3_000 }).not.toBe('open')
    const honest = await startNode({ bootstrap: server, listen: [] })
    expect(await ask(honest, server)).toBe(2)
  })

  it('that drip bytes are cut off after the time of one frame', async () => {
    const server = await startNode()
    echo(server)
    const attacker = await startRaw('tls', localIdentity(randomBytes(32)))
    const stream = await (await attacker.dial(multiaddr(server.multiaddrs()[0]))).newStream(protocol)
    const began = performance.now()
    const drip = setInterval(() => {
      if (stream.status === 'open') stream.send(Uint8Array.of(0))
    }, 50)
    stream.send(Uint8Array.of(0, 0, 0x0f, 0xff))
    await expect.poll(() => stream.status, { timeout: 3_000 }).not.toBe('open')
    clearInterval(drip)
    expect(performance.now() - began).toBeLessThan(2_500)
  })

  it('get no more streams at once than the protocol allows, and honest ones go on', async () => {
    const server = await startNode()
    let serving = 0
    let most = 0
    server.handle(
      protocol,
      async (stream) => {
        most = Math.max(most, ++serving)
        try {
          await stream.writeFrame({ number: (await stream.readFrame(number, { timeoutMs: 1_000 })).number + 1 })
        } finally {
          serving--
        }
      },
      { maxInboundStreams: 4 },
    )
    const attacker = await startNode({ bootstrap: server, listen: [] })
    await Promise.allSettled(
      Array.from({ length: 40 }, () => attacker.open(server.peerId, protocol, { timeoutMs: 2_000 })),
    )
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThanOrEqual(4)
    const honest = await startNode({ bootstrap: server, listen: [] })
    expect(await ask(honest, server)).toBe(2)
  })

  it('cannot end the process through a handler that throws', async () => {
    const server = await startNode()
    server.handle(protocol, () => Promise.reject(new TypeError('a bug')), { maxInboundStreams: 1 })
    const client = await startNode({ bootstrap: server, listen: [] })
    const stream = await client.open(server.peerId, protocol, { timeoutMs: 3_000 })
    await expect(stream.readFrame(number, { timeoutMs: 2_000 })).rejects.toMatchObject({ code: 'STREAM_CLOSED' })
    expect(server.connections().length).toBe(1)
  })
})

describe('raw bytes', () => {
  it('arrive whole in both directions and slow the sender to the reader', async () => {
    const total = 24 * 1024 * 1024
    const sent = randomBytes(1024 * 1024)
    const server = await startNode()
    server.handle(
      protocol,
      async (stream) => {
        let received = 0
        for await (const chunk of stream.readBytes(total, { timeoutMs: 20_000 })) {
          if (received === 0) await new Promise((resolve) => setTimeout(resolve, 300))
          const at = received % sent.length
          if (at + chunk.length <= sent.length && !sent.subarray(at, at + chunk.length).equals(chunk))
            throw new Error('differs')
          received += chunk.length
        }
        await stream.writeFrame({ number: received })
      },
      { maxInboundStreams: 1 },
    )
    const client = await startNode({ bootstrap: server, listen: [] })
    const stream = await client.open(server.peerId, protocol, { timeoutMs: 3_000 })
    await stream.writeBytes(new Array<Uint8Array>(24).fill(sent), { timeoutMs: 20_000 })
    expect(await stream.readFrame(number, { timeoutMs: 5_000 })).toEqual({ number: total })
  })

  it('are not gathered in memory for a peer that does not read', async () => {
    const server = await startNode()
    let go = (): void => undefined
    const mayRead = new Promise<void>((resolve) => {
      go = resolve
    })
    server.handle(
      protocol,
      async (stream) => {
        await mayRead
        let received = 0
        for await (const chunk of stream.readBytes(64 * 1024 * 1024, { timeoutMs: 20_000 })) received += chunk.length
        await stream.writeFrame({ number: received })
      },
      { maxInboundStreams: 1 },
    )
    const client = await startNode({ bootstrap: server, listen: [] })
    const stream = await client.open(server.peerId, protocol, { timeoutMs: 3_000 })
    let taken = 0
    const block = randomBytes(1024 * 1024)
    const blocks = function* (): Generator<Uint8Array> {
      for (; taken < 64; taken++) yield block
    }
    const written = stream.writeBytes(blocks(), { timeoutMs: 20_000 })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(taken).toBeGreaterThan(0)
    expect(taken).toBeLessThan(20)
    go()
    await written
    expect(await stream.readFrame(number, { timeoutMs: 10_000 })).toEqual({ number: 64 * 1024 * 1024 })
  }, 40_000)

  it('that do not come end the read in time, and a caller may cancel', async () => {
    const server = await startNode()
    server.handle(protocol, async (stream) => void (await stream.readFrame(number, { timeoutMs: 10_000 })), {
      maxInboundStreams: 2,
    })
    const client = await startNode({ bootstrap: server, listen: [] })
    const slow = await client.open(server.peerId, protocol, { timeoutMs: 3_000 })
    await expect(slow.readBytes(10, { timeoutMs: 200 }).next()).rejects.toMatchObject({ code: 'TIMEOUT' })
    const cancelled = await client.open(server.peerId, protocol, { timeoutMs: 3_000 })
    const control = new AbortController()
    setTimeout(() => control.abort(), 100)
    const read = cancelled.readFrame(number, { timeoutMs: 5_000, signal: control.signal })
    await expect(read).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
