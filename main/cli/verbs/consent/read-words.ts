import { getAddress } from 'ethers'
import { parseMicro } from '../../../../contracts/client/index.ts'
import { UsageError } from '../usage-error.ts'

/** An amount in tokens as micro-tokens, more than nothing. */
export function readAmount(text: string): bigint {
  const micro = parseMicro(text)
  if (micro !== null && micro > 0n) return micro
  throw new UsageError(`"${text}" is no amount.`, 'Write tokens with at most six decimals, such as 12.5.')
}

/** An account, checksummed; mixed case must be right, so that a typing error sends nothing anywhere. */
export function readAccount(text: string): string {
  try {
    if (/^0x[0-9a-fA-F]{40}$/.test(text)) return getAddress(text)
  } catch {
    throw new UsageError(`The account ${text} has a wrong checksum.`, 'Copy it again.')
  }
  throw new UsageError(`"${text}" is no account.`, 'Write 0x and forty hexadecimal digits.')
}
