import { sameAddress } from '../../api/values.ts'
import { ManifestError } from '../protocol/manifest-envelope.ts'
import type { Manifest } from '../protocol/manifest.ts'
import type { Market } from './market.ts'

/** A manifest of another network would only send its owner's requests to the wrong nodes. */
export function checkDeployment(manifest: Manifest, market: Market): void {
  if (manifest.chainId === market.network.chainId && sameAddress(manifest.market, market.network.market)) return
  throw new ManifestError(
    'MANIFEST_OTHER_NETWORK',
    `This manifest belongs to chain ${manifest.chainId}, market ${manifest.market}.`,
    {
      action: 'Choose the network on which the file was stored with --network.',
    },
  )
}
