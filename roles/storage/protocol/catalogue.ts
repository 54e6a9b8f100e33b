import { decode, encode } from 'cborg'
import { z } from 'zod'
import { HearthError } from '../../api/errors.ts'
import type { Cipher } from './cipher.ts'
import { counterNonce } from './cipher.ts'

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes')

const entrySchema = z.discriminatedUnion('kind', [
  /** A sealed manifest as it is. `id`: of the content, the same after a repair. */
  z.strictObject({
    kind: z.literal('manifest'),
    id: z.string().max(64),
    savedAtSeconds: z.number().int(),
    sealed: bytes,
  }),
  /** The sealed manifest of a stored file that holds many sealed manifests, or a long one. */
  z.strictObject({ kind: z.literal('page'), id: z.string().max(64), savedAtSeconds: z.number().int(), sealed: bytes }),
])

const catalogueSchema = z.strictObject({ formatVersion: z.literal(1), entries: z.array(entrySchema).max(100_000) })
const pageSchema = z.strictObject({ formatVersion: z.literal(1), manifests: z.array(bytes).min(1).max(100_000) })

export type CatalogueEntry = Readonly<z.infer<typeof entrySchema>>

/** What is in a catalogue or a page does not open or has another shape. */
export class CatalogueError extends HearthError {}

const saltBytes = 32

/** Salt, then the entries under a key of the customer's; the version is authenticated with them. */
export function sealCatalogue(
  cipher: Cipher,
  customerSecret: Uint8Array,
  version: number,
  entries: readonly CatalogueEntry[],
): Uint8Array {
  const salt = cipher.randomBytes(saltBytes)
  const key = cipher.deriveKey(customerSecret, salt, 'hearth/1 catalogue')
  const plain = encode(catalogueSchema.parse({ formatVersion: 1, entries }))
  const body = cipher.seal(key, counterNonce(0), versionBytes(version), plain)
  const sealed = new Uint8Array(saltBytes + body.length)
  sealed.set(salt)
  sealed.set(body, saltBytes)
  return sealed
}

/** Throws CatalogueError CATALOGUE_DAMAGED. */
export function openCatalogue(
  cipher: Cipher,
  customerSecret: Uint8Array,
  version: number,
  sealed: Uint8Array,
): readonly CatalogueEntry[] {
  const key = cipher.deriveKey(customerSecret, sealed.slice(0, saltBytes), 'hearth/1 catalogue')
  const plain = cipher.open(key, counterNonce(0), versionBytes(version), sealed.subarray(saltBytes))
  const parsed = plain && catalogueSchema.safeParse(decode(plain))
  if (parsed?.success !== true)
    throw new CatalogueError('CATALOGUE_DAMAGED', 'The catalogue of manifests does not open.')
  return parsed.data.entries
}

/** Sealed manifests as the content of a page. */
export function encodePage(manifests: readonly Uint8Array[]): Uint8Array {
  return encode(pageSchema.parse({ formatVersion: 1, manifests }))
}

/** Throws CatalogueError CATALOGUE_DAMAGED. */
export function decodePage(page: Uint8Array): readonly Uint8Array[] {
  const parsed = pageSchema.safeParse(decode(page))
  if (!parsed.success) throw new CatalogueError('CATALOGUE_DAMAGED', 'A page of the catalogue has another shape.')
  return parsed.data.manifests
}

/** All entries of both; of two with one id the one that was saved later. */
export function mergeEntries(left: readonly CatalogueEntry[], right: readonly CatalogueEntry[]): CatalogueEntry[] {
  const byId = new Map<string, CatalogueEntry>()
  for (const entry of [...left, ...right]) {
    const other = byId.get(entry.id)
    if (other === undefined || entry.savedAtSeconds >= other.savedAtSeconds) byId.set(entry.id, entry)
  }
  return [...byId.values()]
}

function versionBytes(version: number): Uint8Array {
  const result = new Uint8Array(8)
  new DataView(result.buffer).setBigUint64(0, BigInt(version))
  return result
}
