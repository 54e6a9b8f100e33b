import { z } from 'zod'
import { refusedSchema } from './frames.ts'

/**
 * The customer's catalogue of manifests, kept for it by every provider that it has a data set with:
 * `KeepCatalogue` and raw bytes, answer `Kept | Newer | Refused`; or `ReadCatalogue`, answer `Catalogue` and raw bytes, `None` or `Refused`.
 * Nobody gets another customer's: who asks is known from the connection.
 */
export const storageCatalogueProtocol = '/hearth/storage/catalogue/1'

/** What a provider keeps for one customer at most; larger catalogues move into files of their own. */
export const maximumCatalogueBytes = 1024 * 1024

const networkFields = { chainId: z.number().int().positive(), market: z.string().regex(/^0x[0-9a-fA-F]{40}$/) }
const version = z.number().int().positive()
const lengthBytes = z.number().int().positive().max(maximumCatalogueBytes)
/** EIP-191 by the customer's account over `catalogueText`. */
const signature = z.string().regex(/^0x[0-9a-f]{130}$/)

export const catalogueRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('keepCatalogue'), ...networkFields, version, lengthBytes, signature }),
  z.strictObject({ kind: z.literal('readCatalogue'), ...networkFields }),
])

export const keptSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('kept'), version }),
  /** This provider has a catalogue that is not older and not the same; nothing was changed. */
  z.strictObject({ kind: z.literal('newer'), version }),
  refusedSchema,
])

export const catalogueAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('catalogue'), version, lengthBytes, signature }),
  z.strictObject({ kind: z.literal('none') }),
  refusedSchema,
])

/** What a customer signs for its catalogue: one line each, so that it resembles no sentence that moves anything. */
export function catalogueText(about: {
  chainId: number
  market: string
  customer: string
  version: number
  sha256: string
}): string {
  const { chainId, market, customer, version: number, sha256 } = about
  return [
    'Hearth catalogue of manifests',
    `chain ${chainId}`,
    market.toLowerCase(),
    customer.toLowerCase(),
    `version ${number}`,
    sha256,
  ].join('\n')
}
