import { type GossipSub, gossipsub, type Message, TopicValidatorResult } from '@libp2p/gossipsub'
import type { PeerId } from '@libp2p/interface'
import type { z } from 'zod'
import type { Log, Undo } from '../api/values.ts'
import { addressOfPeerId } from './addresses.ts'
import { NetworkError } from './errors.ts'
import { decodeFrame, encodeFrame, frameHeaderBytes } from './frames.ts'

/** Most bytes of one message on a topic; more is neither read nor passed on. */
export const maximumGossipBytes = 128 * 1024

/** What a peer does with a message of others: show and pass on, drop quietly (seen before, not of interest now), or drop and think less of who sent it. */
export type GossipVerdict = 'accept' | 'ignore' | 'reject'

export type GossipMessage<Value> = {
  /** Checksummed account of the author, proven by the message's signature, whoever passed it on. */
  readonly from: string
  readonly value: Value
}

export type GossipFollower<Value> = {
  readonly judge: (message: GossipMessage<Value>) => GossipVerdict
  readonly onMessage: (message: GossipMessage<Value>) => void
}

/** Topics that peers share: what one says, all who are interested hear within a second or two, passed on from peer to peer. */
export type Gossip = {
  /** Signs and sends a value to all who follow the topic; fine when nobody does yet. Throws NetworkError FRAME_TOO_LARGE. */
  publish(topic: string, value: unknown): Promise<void>
  /**
   * Follows a topic. Every message is checked against the schema and then by `judge`, before it is passed on to anybody; `onMessage` sees what was
   * accepted, once. One follower per topic and node.
   */
  follow<Schema extends z.ZodType>(topic: string, schema: Schema, follower: GossipFollower<z.output<Schema>>): Undo
  /** Accounts of connected peers that follow a topic. */
  followers(topic: string): string[]
}

/**
 * The gossip service, its limits set rather than defaulted. Authors sign (StrictSign): with secp256k1 peer ids the author's key is in the message,
 * so what is passed on cannot be changed. All homes of a practice network share one address, so the score that counts peers per address is off on loopback.
 */
export function gossipService(options: { readonly loopback: boolean }): ReturnType<typeof gossipsub> {
  return gossipsub({
    globalSignaturePolicy: 'StrictSign',
    emitSelf: false,
    fallbackToFloodsub: false,
    allowPublishToZeroTopicPeers: true,
    canRelayMessage: false,
    floodPublish: true,
    maxInboundStreams: 4,
    maxOutboundStreams: 4,
    maxInboundDataLength: maximumGossipBytes + 4096,
    maxOutboundBufferSize: 16 * maximumGossipBytes,
    maxTopicBytesPerPeer: 64 * 1024,
    messageProcessingConcurrency: 8,
    decodeRpcLimits: {
      maxSubscriptions: 64,
      maxMessages: 256,
      maxIhaveMessageIDs: 1000,
      maxIwantMessageIDs: 1000,
      maxIdontwantMessageIDs: 256,
      maxControlMessages: 256,
      maxPeerInfos: 16,
    },
    scoreParams: options.loopback ? { IPColocationFactorWeight: 0 } : {},
  })
}

/** The application's side of the service. */
export function createGossip(service: GossipSub, log: Log): Gossip {
  return {
    async publish(topic, value) {
      const data = encodeFrame(value).subarray(frameHeaderBytes)
      if (data.length > maximumGossipBytes)
        throw new NetworkError('FRAME_TOO_LARGE', `A message of ${data.length} bytes exceeds ${maximumGossipBytes}.`)
      await service.publish(topic, data)
    },
    follow: (topic, schema, follower) => follow(service, topic, schema, follower, log),
    followers: (topic) => service.getSubscribers(topic).map(addressOfPeerId),
  }
}

const verdicts = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
} as const

function follow<Schema extends z.ZodType>(
  service: GossipSub,
  topic: string,
  schema: Schema,
  { judge, onMessage }: GossipFollower<z.output<Schema>>,
  log: Log,
): Undo {
  if (service.topicValidators.has(topic))
    throw new NetworkError('TOPIC_TAKEN', `Topic ${topic} has a follower already.`)
  const decoded = new WeakMap<Message, GossipMessage<z.output<Schema>>>()
  service.topicValidators.set(topic, (_peer: PeerId, message: Message) => {
    try {
      if (message.type !== 'signed' || message.data.length > maximumGossipBytes) return TopicValidatorResult.Reject
      const read = { from: addressOfPeerId(message.from), value: decodeFrame(message.data, schema) }
      const verdict = judge(read)
      if (verdict === 'accept') decoded.set(message, read)
      return verdicts[verdict]
    } catch (error) {
      log.debug('A message was refused.', { topic, message: String(error) })
      return TopicValidatorResult.Reject
    }
  })
  const listen = ({ detail }: CustomEvent<Message>): void => {
    const read = decoded.get(detail)
    if (read !== undefined) onMessage(read)
  }
  service.addEventListener('message', listen)
  service.subscribe(topic)
  return () => {
    service.removeEventListener('message', listen)
    service.topicValidators.delete(topic)
    service.unsubscribe(topic)
  }
}
