export {
  addressOfPeerId,
  addressOfPublicKey,
  compressPublicKey,
  peerIdOfPublicKey,
  prefixOfMultiaddr,
} from './addresses.ts'
export {
  createNetworkNode,
  type NetworkConnection,
  type NetworkNode,
  type NetworkNodeOptions,
} from './create-network-node.ts'
export { NetworkError } from './errors.ts'
export type { FramedStream, WaitOptions } from './framed-stream.ts'
export {
  type Gossip,
  type GossipFollower,
  type GossipMessage,
  type GossipVerdict,
  maximumGossipBytes,
} from './gossip.ts'
export { maximumFrameBytes } from './frames.ts'
export { localIdentity, type IdentityKey } from './identity.ts'
export { internetLimits, loopbackLimits, type ConnectionLimits } from './limits.ts'
