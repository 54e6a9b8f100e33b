import { networkFileSchema, type NetworkFile } from '../../../contracts/client/network-file.ts'
import type { ChainIdentity } from './chain-identity.ts'

/** One practice token costs this much of the practice chain's native coin; serves fee limits only. */
const nativeWeiPerToken = 10n ** 15n

/** The network file of a practice chain whose contracts stand; bootstrap peers are added when they listen. */
export function practiceNetworkFile(identity: ChainIdentity, rpcUrl: string): NetworkFile {
  const { deployed, chainId } = identity
  return networkFileSchema.parse({
    formatVersion: 1,
    practice: true,
    name: 'Practice',
    symbol: 'PLAY',
    chainId,
    genesisHash: deployed?.genesisHash,
    rpcUrls: [rpcUrl],
    contracts: deployed?.contracts,
    deployedAtBlock: deployed?.deployedAtBlock,
    bootstrapPeers: [],
    journeyUrl: null,
    nativeWeiPerToken: nativeWeiPerToken.toString(),
  })
}
