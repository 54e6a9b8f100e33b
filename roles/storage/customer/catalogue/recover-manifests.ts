import { HearthError } from '../../../api/errors.ts'
import { decodePage, type CatalogueEntry } from '../../protocol/catalogue.ts'
import { openManifest } from '../../protocol/manifest-envelope.ts'
import { customerSecret, type CustomerContext } from '../context.ts'
import { createMarket } from '../create-market.ts'
import { nodeCipher } from '../node-crypto.ts'
import { openStoredFile } from '../stored-file.ts'
import { findKeepers, gatherCatalogue, type Gathered } from './gather.ts'

/** A manifest that was found again. */
export type RecoveredManifest = {
  readonly pathName: string
  readonly bytes: number
  readonly createdAtSeconds: number
  readonly manifest: Uint8Array
}

export type Recovery = Omit<Gathered, 'entries'> & {
  readonly asked: number
  /** Newest first. */
  readonly manifests: readonly RecoveredManifest[]
  /** Pages that could not be fetched now, with the reason. */
  readonly missing: readonly string[]
}

/**
 * Finds all manifests of a customer with nothing but its account's key: the chain tells with whom it stores, and they keep the catalogue.
 *
 * Throws CATALOGUE_UNREACHABLE when nobody answered, CancelledError and errors of the chain.
 */
export async function recoverManifests(
  context: CustomerContext,
  options: { signal?: AbortSignal } = {},
): Promise<Recovery> {
  const market = await createMarket(context)
  const keepers = await findKeepers(market, options)
  const { entries, ...gathered } = await gatherCatalogue(context, market, keepers, options)
  if (keepers.length > 0 && gathered.silent.length === keepers.length) {
    throw new HearthError('CATALOGUE_UNREACHABLE', `None of the ${keepers.length} contributors answered.`, {
      action: `Try again later. The first reason was: ${gathered.silent[0]?.reason}`,
    })
  }
  const missing: string[] = []
  const sealed: Uint8Array[] = []
  for (const entry of entries) {
    try {
      sealed.push(...(await manifestsOf(context, entry, options)))
    } catch (error) {
      options.signal?.throwIfAborted()
      missing.push(error instanceof Error ? error.message : String(error))
    }
  }
  const manifests = sealed.map((manifest) => describe(context, manifest))
  manifests.sort((left, right) => right.createdAtSeconds - left.createdAtSeconds)
  return { ...gathered, asked: keepers.length, manifests, missing }
}

async function manifestsOf(
  context: CustomerContext,
  entry: CatalogueEntry,
  options: { signal?: AbortSignal },
): Promise<readonly Uint8Array[]> {
  if (entry.kind === 'manifest') return [entry.sealed]
  const file = await openStoredFile(context, entry.sealed)
  try {
    return decodePage(await file.read(0, file.bytes, options))
  } finally {
    file.close()
  }
}

function describe(context: CustomerContext, manifest: Uint8Array): RecoveredManifest {
  const { pathName, bytes, createdAtSeconds } = openManifest(nodeCipher, customerSecret(context.wallet), manifest)
  return { pathName, bytes, createdAtSeconds, manifest }
}
