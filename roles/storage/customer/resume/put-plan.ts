import { decode, encode } from 'cborg'
import type { Wallet } from 'ethers'
import { z } from 'zod'
import { counterNonce } from '../../protocol/cipher.ts'
import { segmentSecretBytes } from '../../protocol/segment-keys.ts'
import { customerSecret } from '../context.ts'
import { nodeCipher } from '../node-crypto.ts'

const bytesOf = (length: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length, `expected ${length} bytes`)

const planSchema = z.strictObject({
  paths: z.array(z.string()),
  pathName: z.string().min(1),
  /** Changes when a file does: lengths, times and names. */
  fingerprint: z.string(),
  bytes: z.number().int().nonnegative(),
  k: z.number().int().min(1).max(255),
  n: z.number().int().min(1).max(255),
  fileSalt: bytesOf(32),
  secrets: z.array(bytesOf(segmentSecretBytes)).min(1),
})

/** What a put decided at its beginning; with it the same content gives the same pieces again. */
export type PutPlan = Readonly<z.infer<typeof planSchema>>

const saltBytes = 32

/** The plan under a key of the customer's; names and segment secrets are in it. */
export function sealPlan(wallet: Wallet, subject: string, plan: PutPlan): Uint8Array {
  const salt = nodeCipher.randomBytes(saltBytes)
  const sealed = nodeCipher.seal(planKey(wallet, salt), counterNonce(0), Buffer.from(subject), encode(plan))
  return Buffer.concat([salt, sealed])
}

/** Null for another customer's, a damaged, or an older program's plan: then the put begins anew. */
export function openPlan(wallet: Wallet, subject: string, sealed: Uint8Array): PutPlan | null {
  const key = planKey(wallet, sealed.subarray(0, saltBytes))
  const plain = nodeCipher.open(key, counterNonce(0), Buffer.from(subject), sealed.subarray(saltBytes))
  if (plain === null) return null
  const parsed = planSchema.safeParse(decode(plain))
  return parsed.success ? parsed.data : null
}

/** The name under which a put is kept: says nothing about the files to who lacks the customer's key. */
export function subjectOfPut(
  wallet: Wallet,
  put: { chainId: number; market: string; paths: readonly string[] },
): string {
  const text = new TextEncoder().encode(JSON.stringify([put.chainId, put.market.toLowerCase(), [...put.paths].sort()]))
  return Buffer.from(nodeCipher.deriveKey(customerSecret(wallet), text, 'hearth/1 put subject')).toString('hex')
}

function planKey(wallet: Wallet, salt: Uint8Array): Uint8Array {
  return nodeCipher.deriveKey(customerSecret(wallet), salt, 'hearth/1 put plan')
}
