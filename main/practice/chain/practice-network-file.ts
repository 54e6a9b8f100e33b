import { networkFileSchema, type NetworkFile } from '../../../contracts/client/index.ts'
import type { ChainIdentity } from './chain-identity.ts'

/**
 * A practice token counts as one of the chain's own coins: then four times a proof's gas, the least that a provider may
 * ask, stays far below the usual price, and prices on practice do not depend on how busy the chain is.
 */
const nativeWeiPerToken = 10n ** 18n

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
