import { HDNodeWallet, computeAddress } from 'ethers'
import { operatorPath } from '../../api/hardware-signer.ts'
import { hardened, pathText } from './apdu.ts'
import type { Path } from './interpret.ts'

/** Where the practice Ledger gets its keys from: the private key (0x-hex) at a path, or null when it has none there. */
export type PracticeKeys = (path: Path) => Promise<string | null>

/** One key at the operator's path, such as the practice operator of a home. It is asked for each time and not kept. */
export function singleKey(read: () => Promise<{ readonly privateKeyHex: string }>): PracticeKeys {
  return async (path) => (pathText(path) === operatorPath ? (await read()).privateKeyHex : null)
}

/** A whole device of its own: a key at every path, from a seed of 16 to 64 random bytes that only this process knows. */
export function seededKeys(seed: Uint8Array): PracticeKeys {
  const root = HDNodeWallet.fromSeed(seed)
  return async (path) => root.derivePath(pathText(path).slice(2)).privateKey
}

/** The account at the operator's path, checksummed. */
export async function operatorAccount(keys: PracticeKeys): Promise<string | null> {
  const key = await keys([hardened + 44, hardened + 60, hardened, 0, 0])
  return key === null ? null : computeAddress(key)
}
