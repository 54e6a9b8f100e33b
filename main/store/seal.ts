import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { z } from 'zod'
import { HearthError } from '../../roles/api/errors.ts'

/**
 * scrypt at N = 2^17, r = 8, p = 1 (128 MiB): the interactive-to-sensitive setting of OWASP's password storage cheat
 * sheet. Kept in the file, so that a later version may raise it.
 */
const cost = { N: 2 ** 17, r: 8, p: 1 } as const
const scryptMemoryBytes = 256 * 1024 * 1024

export const sealedSchema = z.object({
  algorithm: z.literal('scrypt-aes-256-gcm'),
  N: z
    .number()
    .int()
    .positive()
    .max(2 ** 20),
  r: z.number().int().positive().max(32),
  p: z.number().int().positive().max(16),
  salt: z.string(),
  nonce: z.string(),
  /** Ciphertext and the 16-byte tag, base64. */
  data: z.string(),
})

/** A secret under a passphrase, as it stands in a key file. */
export type Sealed = z.infer<typeof sealedSchema>

/** The passphrase does not open the file. */
export class PassphraseError extends HearthError {}

/** Encrypts a secret with a passphrase; `label` (the kind of key) is bound to it, so that files cannot be exchanged. */
export async function sealWithPassphrase(secret: Uint8Array, passphrase: string, label: string): Promise<Sealed> {
  const salt = randomBytes(16)
  const nonce = randomBytes(12)
  const key = await derive(passphrase, salt, cost)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(label))
  const data = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()])
  return {
    algorithm: 'scrypt-aes-256-gcm',
    ...cost,
    salt: salt.toString('base64'),
    nonce: nonce.toString('base64'),
    data: data.toString('base64'),
  }
}

/** Opens what `sealWithPassphrase` made. Rejects with PassphraseError when passphrase, label or file do not fit. */
export async function openWithPassphrase(sealed: Sealed, passphrase: string, label: string): Promise<Uint8Array> {
  const key = await derive(passphrase, Buffer.from(sealed.salt, 'base64'), sealed)
  const data = Buffer.from(sealed.data, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.nonce, 'base64'), { authTagLength: 16 })
    decipher.setAAD(Buffer.from(label))
    decipher.setAuthTag(data.subarray(data.length - 16))
    return new Uint8Array(Buffer.concat([decipher.update(data.subarray(0, data.length - 16)), decipher.final()]))
  } catch (cause) {
    throw new PassphraseError('PASSPHRASE_WRONG', `The passphrase does not open the key "${label}".`, {
      action: 'Check the file that HEARTH_PASSPHRASE_FILE names.',
      cause,
    })
  }
}

function derive(passphrase: string, salt: Uint8Array, o: { N: number; r: number; p: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(
      passphrase.normalize('NFKC'),
      salt,
      32,
      { N: o.N, r: o.r, p: o.p, maxmem: scryptMemoryBytes },
      (error, key) => (error === null ? resolve(key) : reject(error)),
    )
  })
}
