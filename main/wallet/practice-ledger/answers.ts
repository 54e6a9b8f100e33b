import { SigningKey, computeAddress, concat, getBytes, hashMessage, keccak256, toUtf8Bytes } from 'ethers'
import type { Signature, Transaction } from 'ethers'
import { answer, status, withLength } from './apdu.ts'
import { parseTransaction } from './review.ts'
import type { ReviewedRequest } from './review.ts'

/** The version that the observed behaviour is of. */
export const practiceAppVersion = '1.22.0'

/** `B0 01`: format, name, version, flags. */
export function appAnswer(): Uint8Array {
  const name = withLength(toUtf8Bytes('Ethereum'))
  return answer(status.ok, Uint8Array.of(1, ...name, ...withLength(toUtf8Bytes(practiceAppVersion)), 1, 0))
}

/** `E0 06`: flag 1 = blind signing on, 2 = token data is to be provided, then the version. */
export function configurationAnswer(blindSigning: boolean): Uint8Array {
  return answer(status.ok, Uint8Array.of(blindSigning ? 3 : 2, ...practiceAppVersion.split('.').map(Number)))
}

/** What a request is answered with when nobody has to be asked or the person said yes. */
export function answerRequest(request: ReviewedRequest, privateKeyHex: string): Uint8Array {
  const key = new SigningKey(privateKeyHex)
  switch (request.kind) {
    case 'address':
      return addressAnswer(key, request.chainCode)
    case 'message':
      return signatureAnswer(key.sign(hashMessage(request.bytes)))
    case 'typedData':
      return signatureAnswer(key.sign(keccak256(concat(['0x1901', request.domainHash, request.messageHash]))))
    case 'transaction':
      return transactionAnswer(key, parseTransaction(request.bytes))
  }
}

function addressAnswer(key: SigningKey, chainCode: boolean): Uint8Array {
  const publicKey = getBytes(key.publicKey)
  const address = toUtf8Bytes(computeAddress(key.publicKey).slice(2))
  // No account below it is ever derived from this one, so any fixed 32 bytes do.
  const code = chainCode ? getBytes(keccak256(publicKey)) : new Uint8Array()
  return answer(status.ok, Uint8Array.of(...withLength(publicKey), ...withLength(address), ...code))
}

function signatureAnswer(signature: Signature, v: number = signature.v): Uint8Array {
  return answer(status.ok, Uint8Array.of(v, ...getBytes(signature.r), ...getBytes(signature.s)))
}

function transactionAnswer(key: SigningKey, transaction: Transaction | null): Uint8Array {
  if (transaction === null) return answer(status.invalidData)
  const signature = key.sign(transaction.unsignedHash)
  return signatureAnswer(signature, transactionV(transaction, signature))
}

/**
 * One byte: the parity for typed transactions, 27 or 28 without a chain, else EIP-155's v. Of a long chain id the app takes
 * the first four bytes, and of v the last one; clients know and undo both.
 */
function transactionV({ type, chainId }: Transaction, { yParity, v }: Signature): number {
  if (type !== 0 && type !== null) return yParity
  if (chainId === 0n) return v
  const hex = chainId.toString(16)
  const firstFour = BigInt(`0x${hex.padStart(hex.length + (hex.length % 2), '0').slice(0, 8)}`)
  return Number((firstFour * 2n + 35n + BigInt(yParity)) % 256n)
}
