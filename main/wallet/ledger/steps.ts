import { Signature, Transaction, computeAddress, getBytes, recoverAddress, verifyMessage } from 'ethers'
import { z } from 'zod'
import { HearthError } from '../../../roles/api/errors.ts'
import { addressSchema, sameAddress } from '../../../roles/api/values.ts'
import { DeviceError } from './device-error.ts'
import type { LedgerSession } from './session.ts'

/** What is to be signed is no transaction; nothing was sent to the device. */
export class UnreadableTransactionError extends HearthError {}

const hexOf = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))
const addressAnswer = z.object({ publicKey: hexOf(65), address: addressSchema })
const messageAnswer = z.object({ v: z.number().int().min(0).max(255), r: hexOf(32), s: hexOf(32) })
/** For transactions the vendor's client gives `v` as hex, for messages as a number. */
const transactionAnswer = z.object({ v: z.string().regex(/^[0-9a-f]{1,64}$/), r: hexOf(32), s: hexOf(32) })

/** One step on an open device. `expected` is the account that must answer, when the caller knows it. */
export type Step = {
  readonly path: string
  readonly expected: string | null
  /** Throws for accounts that may not be used here at all. */
  readonly judgeAccount?: (account: string) => void
}

/** The account at a path; with `display` the person confirms it on the device. Throws `otherAccount` and `unreadable`. */
export async function readAccount({ eth }: LedgerSession, step: Step & { display: boolean }): Promise<string> {
  const answer = understand(addressAnswer, await eth.getAddress(step.path, step.display), 'no account')
  const account = attempt(() => computeAddress(`0x${answer.publicKey}`), 'no public key')
  if (!sameAddress(account, answer.address)) throw unreadable('an account that does not fit its public key')
  step.judgeAccount?.(account)
  if (step.expected !== null && !sameAddress(account, step.expected)) {
    throw new DeviceError({ kind: 'otherAccount', expected: step.expected, found: account })
  }
  return account
}

/**
 * Has a text signed. The account is compared before the person is asked, and the signature must be that account's over
 * exactly these bytes: an answer to an earlier question, or of a device that was swapped in between, does not pass.
 */
export async function signText(session: LedgerSession, step: Step & { bytes: Uint8Array }): Promise<Uint8Array> {
  const account = await readAccount(session, { ...step, display: false })
  const messageHex = Buffer.from(step.bytes).toString('hex')
  const answer = understand(messageAnswer, await session.eth.signPersonalMessage(step.path, messageHex), 'no signature')
  const signature = readSignature({ r: answer.r, s: answer.s, v: answer.v })
  const signer = attempt(() => verifyMessage(step.bytes, signature), 'no valid signature')
  if (!sameAddress(signer, account)) throw unreadable('a signature of something else')
  return getBytes(signature.serialized)
}

/**
 * Has a raw transaction signed and gives it back with its signature, as raw hex. Contract data needs blind signing: when the
 * app says that it is off, nothing is sent and the person is told. No descriptors are fetched from anywhere.
 */
export async function signRawTransaction(
  session: LedgerSession,
  step: Step & { transaction: Transaction },
): Promise<string> {
  const transaction = step.transaction.clone()
  if (transaction.data !== '0x' && !session.app.blindSigning) throw new DeviceError({ kind: 'blindSigningNeeded' })
  const account = await readAccount(session, { ...step, display: false })
  const raw = transaction.unsignedSerialized.slice(2)
  const answer = understand(transactionAnswer, await session.eth.signTransaction(step.path, raw, null), 'no signature')
  const signature = readSignature({ r: answer.r, s: answer.s, v: BigInt(`0x${answer.v}`) })
  const signer = attempt(() => recoverAddress(transaction.unsignedHash, signature), 'no valid signature')
  if (!sameAddress(signer, account)) throw unreadable('a signature of something else')
  transaction.signature = signature
  return transaction.serialized
}

/** A raw unsigned transaction; throws TRANSACTION_NOT_READABLE for anything else. */
export function parseUnsigned(unsigned: string): Transaction {
  try {
    const transaction = Transaction.from(unsigned)
    if (transaction.signature === null) return transaction
  } catch {
    // Said below in our own words.
  }
  throw new UnreadableTransactionError('TRANSACTION_NOT_READABLE', 'This is no unsigned transaction.', {
    action: 'Please report this.',
  })
}

/** Refuses high `s` and impossible `v` (PROTOCOL 1.3). */
function readSignature({ r, s, v }: { r: string; s: string; v: number | bigint }): Signature {
  return attempt(() => Signature.from({ r: `0x${r}`, s: `0x${s}`, v }), 'no valid signature')
}

function understand<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  throw unreadable(what)
}

function attempt<T>(compute: () => T, what: string): T {
  try {
    return compute()
  } catch (cause) {
    throw unreadable(what, cause)
  }
}

function unreadable(detail: string, cause?: unknown): DeviceError {
  return new DeviceError({ kind: 'unreadable', detail }, cause)
}
