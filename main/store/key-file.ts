import { z } from 'zod'
import { roleNames } from '../../roles/api/roles.ts'
import { addressSchema } from '../../roles/api/values.ts'
import { sealedSchema } from './seal.ts'

/** Every key of a home: who pays (customer), who sends (gas), who works (one per role), and the practice operator. */
export const keyKinds = ['customer', 'gas', 'operator', ...roleNames] as const

export const keyKindSchema = z.enum(keyKinds)

export type KeyKind = z.infer<typeof keyKindSchema>

export const keyFileSchema = z.object({
  formatVersion: z.literal(1),
  kind: keyKindSchema,
  address: addressSchema,
  secret: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('plain'), data: z.string().regex(/^[0-9a-f]{64}$/) }),
    z.object({ kind: z.literal('system'), data: z.string() }),
    z.object({ kind: z.literal('passphrase'), sealed: sealedSchema }),
  ]),
})

/** What a file in keys/ holds. */
export type KeyFile = z.infer<typeof keyFileSchema>
