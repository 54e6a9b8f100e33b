import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { HearthError } from '../../roles/api/errors.ts'
import { addressSchema, hexSchema } from '../../roles/api/values.ts'
import { syncDirectory, writeFileAtomic } from '../../roles/persistence/index.ts'
import { consentRequestSchema } from '../api/wallet.ts'
import { fileMode } from './modes.ts'
import { readTextIfThere } from './read-text.ts'

const idSchema = z.string().regex(/^[0-9a-f]{16,64}$/)

const signedSentenceSchema = z.object({
  formatVersion: z.literal(1),
  id: idSchema,
  request: consentRequestSchema,
  operator: addressSchema,
  /** Exactly what was signed; of a transaction, what it does. */
  text: z.string(),
  /** Null for a revocation, which has neither. */
  number: z.number().int().nullable(),
  deadlineSeconds: z.number().int().nullable(),
  /** Whom tokens go to, or will go to: shown on the device; null where nobody gets any. */
  recipient: addressSchema.nullable(),
  /** Block at which it was composed: it cannot have landed before. */
  composedAtBlock: z.number().int(),
  call: z.object({ to: addressSchema, data: hexSchema }),
  /** The operator's own signed transaction, where he signed that in place of the text. */
  raw: hexSchema.nullable().default(null),
})

/** A consent that the operator signed, with the call that carries it to its contract. */
export type SignedSentence = Readonly<z.infer<typeof signedSentenceSchema>>

/** Keeps signed sentences until they have landed, so that what a person confirmed on the device survives a crash. */
export type SignedSentenceStore = {
  /** Written durably when it resolves. */
  keep(sentence: SignedSentence): Promise<void>
  /** Rejects with SIGNED_SENTENCE_INVALID when a file cannot be understood; it is left as it is. */
  list(): Promise<readonly SignedSentence[]>
  /** Does nothing when it is gone already. */
  forget(id: string): Promise<void>
}

/** Opens a folder (which must exist) of signed sentences; one file each, since app and command line may sign at the same time. */
export function openSignedSentences(directory: string): SignedSentenceStore {
  const pathOf = (id: string) => join(directory, `${idSchema.parse(id)}.json`)
  return {
    async keep(sentence) {
      await writeFileAtomic(pathOf(sentence.id), `${JSON.stringify(sentence)}\n`, { mode: fileMode })
    },
    async list() {
      const names = (await readdir(directory)).filter((name) => /^[0-9a-f]+\.json$/.test(name)).sort()
      const sentences = await Promise.all(names.map((name) => readOne(join(directory, name))))
      return sentences.filter((one) => one !== null)
    },
    async forget(id) {
      await rm(pathOf(id), { force: true })
      await syncDirectory(directory)
    },
  }
}

async function readOne(path: string): Promise<SignedSentence | null> {
  const text = await readTextIfThere(path)
  if (text === null) return null
  try {
    return signedSentenceSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new HearthError('SIGNED_SENTENCE_INVALID', `The signed sentence in ${path} cannot be understood.`, {
      action: 'Move the file away; what it asked for can be signed anew.',
      details: { path },
      cause,
    })
  }
}
