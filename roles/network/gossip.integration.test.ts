import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { silentLog } from '../api/values.ts'
import { addressOfPublicKey } from './addresses.ts'
import { createNetworkNode, type NetworkNode } from './create-network-node.ts'
import type { Gossip, GossipVerdict } from './gossip.ts'
import { localIdentity } from './identity.ts'

const topic = '/hearth/test/gossip/1'
const schema = z.strictObject({ text: z.string(), wei: z.bigint().or(z.number()) })
type Heard = { readonly from: string; readonly text: string }

const started: NetworkNode[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((node) => node.stop()))
})

async function startNode(
  knows: readonly NetworkNode[] = [],
  gossip = true,
): Promise<NetworkNode & { address: string }> {
  const identity = localIdentity(randomBytes(32))
  const node = await createNetworkNode({
    identity,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    bootstrapPeers: knows.flatMap((one) => one.multiaddrs()),
    mode: 'server',
    gossip,
    log: silentLog,
  })
  started.push(node)
  return { ...node, address: addressOfPublicKey(identity.publicKey) }
}

function listen(node: NetworkNode, judge: (text: string) => GossipVerdict = () => 'accept') {
  const heard: Heard[] = []
  const undo = node.gossip!.follow(topic, schema, {
    judge: ({ value }) => judge(value.text),
    onMessage: ({ from, value }) => heard.push({ from, text: value.text }),
  })
  return { heard, undo }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 50))
  expect(holds()).toBe(true)
}
const followedBy = (gossip: Gossip | null, count: number) => () => gossip!.followers(topic).length >= count

describe('gossip', () => {
  it('is heard by all who follow, once, with its author proven, also through others', async () => {
    const first = await startNode()
    const second = await startNode([first])
    const third = await startNode([first])
    const rooms = [first, second, third].map((node) => listen(node))
    await until(followedBy(first.gossip, 2))
    await until(followedBy(second.gossip, 1))
    await second.gossip!.publish(topic, { text: 'sun', wei: 2n ** 80n })
    await until(() => rooms[0]!.heard.length > 0 && rooms[2]!.heard.length > 0)
    await new Promise((resolve) => setTimeout(resolve, 1200))
    const said = [{ from: second.address, text: 'sun' }]
    expect(rooms.map(({ heard }) => heard)).toEqual([said, [], said])
  })

  it('shows nothing that is refused, malformed or of another shape', async () => {
    const speaker = await startNode()
    const listener = await startNode([speaker])
    const { heard } = listen(listener, (text) => (text === 'again' ? 'ignore' : text === 'wrong' ? 'reject' : 'accept'))
    await until(followedBy(speaker.gossip, 1))
    for (const value of [
      { text: 'again', wei: 1 },
      { text: 'wrong', wei: 1 },
      { other: true },
      'nothing',
      { text: 'right', wei: 1 },
    ])
      await speaker.gossip!.publish(topic, value)
    await until(() => heard.length > 0)
    expect(heard).toEqual([{ from: speaker.address, text: 'right' }])
  })

  it('refuses to send what nobody may pass on', async () => {
    const node = await startNode()
    const tooLong = node.gossip!.publish(topic, { text: 'x'.repeat(200_000), wei: 1 })
    await expect(tooLong).rejects.toMatchObject({ code: 'FRAME_TOO_LARGE' })
    await expect(node.gossip!.publish(topic, { text: 'nobody is here', wei: 1 })).resolves.toBeUndefined()
  })

  it('has one follower per topic, who can leave and come back', async () => {
    const speaker = await startNode()
    const listener = await startNode([speaker])
    const before = listen(listener)
    expect(() => listen(listener)).toThrow(`Topic ${topic} has a follower already.`)
    before.undo()
    const after = listen(listener)
    await until(followedBy(speaker.gossip, 1))
    await speaker.gossip!.publish(topic, { text: 'hello', wei: 1 })
    await until(() => after.heard.length > 0)
    expect(before.heard).toEqual([])
  })

  it('costs nothing where nobody asked for it', async () => {
    expect((await startNode([], false)).gossip).toBeNull()
  })
})
