import type { Wallet } from 'ethers'
import { getBytes } from 'ethers'
import type { Chain, TransactionSender } from '../../../contracts/client/index.ts'
import type { Log } from '../../api/values.ts'
import type { NetworkNode } from '../../network/index.ts'
import { nodeCipher } from './node-crypto.ts'

/** What a storage customer works with. The caller made all of it and closes all of it. */
export type CustomerContext = {
  readonly chain: Chain
  /** The customer's account; its key is also the libp2p identity of `node`. */
  readonly wallet: Wallet
  readonly sender: TransactionSender
  readonly node: NetworkNode
  /** Vouchers and copies of manifests are kept here. */
  readonly dataDirectory: string
  readonly log: Log
}

/** The secret from which all keys of a customer's files derive; from the account's key, so that one backup brings both back. */
export function customerSecret(wallet: Wallet): Uint8Array {
  return nodeCipher.deriveKey(getBytes(wallet.privateKey), new Uint8Array(0), 'hearth/1 storage customer')
}
