import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decode, encode } from 'cborg'
import { z } from 'zod'
import { writeFileAtomic } from '../../../persistence/index.ts'
import { maximumCatalogueBytes } from '../../protocol/catalogue-frames.ts'
import {
  encodePage,
  mergeEntries,
  openCatalogue,
  sealCatalogue,
  type CatalogueEntry,
} from '../../protocol/catalogue.ts'
import { openManifest } from '../../protocol/manifest-envelope.ts'
import { customerSecret, type CustomerContext } from '../context.ts'
import { createMarket } from '../create-market.ts'
import { reasonOf } from '../errors.ts'
import type { Market } from '../market.ts'
import { nodeCipher } from '../node-crypto.ts'
import { mapParallel } from '../../../upkeep/map-parallel.ts'
import { putFile } from '../put-file.ts'
import { leaveCatalogue, signCatalogue, type SignedCatalogue } from './exchange.ts'
import { findKeepers, gatherCatalogue, type Keeper } from './gather.ts'

/** A manifest longer than this is stored as a file of its own. */
const longestInline = 128 * 1024
/** Manifests beyond this together move into one stored file, so that the catalogue stays far below its bound. */
const mostInline = maximumCatalogueBytes / 2
/** Homes that get a copy; beyond that they would only cost time. */
const mostCopies = 40
const maximumRounds = 3
const parallel = 16

const localSchema = z.strictObject({
  version: z.number().int().positive(),
  bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
})

/** What came of it: on how many homes the catalogue is. */
export type Kept = { readonly copies: number; readonly asked: number; readonly reasons: readonly string[] }

/**
 * Adds a sealed manifest to the customer's catalogue, or replaces the one of the same content, and leaves the catalogue with the
 * customer's providers. Then whoever has the account's key finds the file again, without this computer.
 *
 * Many or long manifests are stored as a file, which costs tokens as any other. Throws what that throws, and CancelledError.
 */
export async function keepInCatalogue(
  context: CustomerContext,
  manifest: Uint8Array,
  options: { signal?: AbortSignal; mostInlineBytes?: number } = {},
): Promise<Kept> {
  const market = await createMarket(context)
  const keepers = await findKeepers(market, options)
  const { fileSalt } = openManifest(nodeCipher, customerSecret(context.wallet), manifest)
  const savedAtSeconds = Math.floor(Date.now() / 1000)
  const id = Buffer.from(fileSalt).toString('hex')
  const fresh: CatalogueEntry = { kind: 'manifest', id, savedAtSeconds, sealed: manifest }
  let base = (await readLocal(context)) ?? (await gatherCatalogue(context, market, keepers, options))
  let kept: Kept = { copies: 0, asked: 0, reasons: [] }
  for (let round = 0; round < maximumRounds; round++) {
    const entries = await intoPages(context, mergeEntries(base.entries, [fresh]), options)
    const version = base.version + 1
    const bytes = sealCatalogue(nodeCipher, customerSecret(context.wallet), version, entries)
    const { newer, ...result } = await leaveEverywhere(context, market, keepers, {
      ...(await signCatalogue(context, market, version, bytes)),
    })
    kept = result
    await writeLocal(context, { version, bytes })
    if (!newer) return kept
    // Another home of this customer wrote meanwhile: what it knows is added, and the next number is taken.
    const theirs = await gatherCatalogue(context, market, keepers, options)
    base = { version: Math.max(version, theirs.version), entries: mergeEntries(theirs.entries, entries) }
  }
  return kept
}

async function leaveEverywhere(
  context: CustomerContext,
  market: Market,
  keepers: readonly Keeper[],
  catalogue: SignedCatalogue,
): Promise<Kept & { readonly newer: boolean }> {
  const chosen = keepers.slice(-mostCopies)
  const answers = await mapParallel(chosen, parallel, async ({ peerId }) => {
    try {
      return await leaveCatalogue(context, market, catalogue, { peerId })
    } catch (error) {
      return reasonOf(error)
    }
  })
  const heard = answers.filter((answer) => typeof answer !== 'string')
  return {
    asked: chosen.length,
    copies: heard.filter(({ kept }) => kept).length,
    newer: heard.some(({ kept }) => !kept),
    reasons: answers.filter((answer) => typeof answer === 'string'),
  }
}

/** Moves manifests into a stored file where they are too long or too many. */
async function intoPages(
  context: CustomerContext,
  entries: readonly CatalogueEntry[],
  options: { signal?: AbortSignal; mostInlineBytes?: number },
): Promise<CatalogueEntry[]> {
  const inline = entries.filter((entry) => entry.kind === 'manifest')
  const total = inline.reduce((sum, { sealed }) => sum + sealed.length, 0)
  const moving =
    total > (options.mostInlineBytes ?? mostInline)
      ? inline
      : inline.filter(({ sealed }) => sealed.length > longestInline)
  if (moving.length === 0) return [...entries]
  const page = encodePage(moving.map(({ sealed }) => sealed))
  const { manifest } = await putFile(context, {
    source: {
      size: page.length,
      read(position, target) {
        const part = page.subarray(position, position + target.length)
        target.set(part)
        return Promise.resolve(part.length)
      },
    },
    pathName: 'catalogue page',
    signal: options.signal,
  })
  const savedAtSeconds = Math.floor(Date.now() / 1000)
  const id = Buffer.from(openManifest(nodeCipher, customerSecret(context.wallet), manifest).fileSalt).toString('hex')
  return [
    ...entries.filter((entry) => !moving.includes(entry as (typeof moving)[number])),
    { kind: 'page', id, savedAtSeconds, sealed: manifest },
  ]
}

function localPath({ dataDirectory, chain }: Pick<CustomerContext, 'dataDirectory' | 'chain'>): string {
  return join(dataDirectory, 'catalogues', `${chain.network.chainId}-${chain.network.contracts.StorageMarket}`)
}

/** This home's copy; null where there is none or it does not open, so that the network is asked instead. */
async function readLocal(
  context: CustomerContext,
): Promise<{ version: number; entries: readonly CatalogueEntry[] } | null> {
  try {
    const { version, bytes } = localSchema.parse(decode(await readFile(localPath(context))))
    return { version, entries: openCatalogue(nodeCipher, customerSecret(context.wallet), version, bytes) }
  } catch {
    return null
  }
}

async function writeLocal(context: CustomerContext, local: { version: number; bytes: Uint8Array }): Promise<void> {
  await mkdir(join(context.dataDirectory, 'catalogues'), { recursive: true, mode: 0o700 })
  await writeFileAtomic(localPath(context), encode(local))
}
