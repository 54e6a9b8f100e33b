import { openManifest } from '../protocol/manifest-envelope.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { customerSecret, type CustomerContext } from './context.ts'
import { createMarket } from './create-market.ts'
import { checkDeployment } from './check-deployment.ts'
import type { Market } from './market.ts'
import { nodeCipher } from './node-crypto.ts'
import { refreshHolders } from './refresh-holders.ts'

/**
 * Opens a manifest and brings it up to date with what repairers and homes that left have moved meanwhile; the file itself is not touched. Throws
 * ManifestError and errors of the chain.
 */
export async function openCurrent(
  context: CustomerContext,
  file: Uint8Array,
  options: { readonly signal?: AbortSignal } = {},
): Promise<{
  readonly manifest: Manifest
  /** As it is in the file. */
  readonly written: Manifest
  readonly market: Market
  readonly secret: Uint8Array
}> {
  const secret = customerSecret(context.wallet)
  const stored = openManifest(nodeCipher, secret, file)
  const market = await createMarket(context)
  checkDeployment(stored, market)
  const moved = await refreshHolders(context.chain, market.customer, stored, options)
  return { manifest: await market.followHeirs(moved), written: stored, market, secret }
}
