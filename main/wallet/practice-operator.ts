import { SigningKey, getBytes, hashMessage } from 'ethers'
import type { Log } from '../../roles/api/values.ts'
import { operatorPath } from '../api/hardware-signer.ts'
import type { HardwareSigner } from '../api/hardware-signer.ts'
import type { KeyStore } from '../store/index.ts'
import { parseUnsigned } from './ledger/steps.ts'
import { readableText } from './readable-text.ts'
import { UnknownPathError } from './unknown-path.ts'

/**
 * The operator of a practice home behind the port of a hardware wallet: one random key per home, no question asked.
 *
 * Refuses what a device would refuse, so that nothing works here that fails there: takes only the one path and only short
 * plain ASCII text. What it signs is written to the log.
 * Rejects with OPERATOR_ON_DEVICE on every network but practice, since the key store has no such key there.
 */
export function practiceOperatorSigner(home: { readonly keys: KeyStore }, log: Log): HardwareSigner {
  const key = async (path: string) => {
    if (path === operatorPath) return home.keys.ensureKey('operator')
    throw new UnknownPathError(path)
  }
  return {
    async getAddress(path) {
      return (await key(path)).address
    },
    async signPersonalMessage(path, bytes) {
      const text = readableText(bytes)
      const { privateKeyHex, address } = await key(path)
      const signature = new SigningKey(privateKeyHex).sign(hashMessage(bytes))
      log.info('The practice operator signed a sentence.', { operator: address, text })
      return getBytes(signature.serialized)
    },
    async signTransaction(path, unsigned) {
      const transaction = parseUnsigned(unsigned)
      const { privateKeyHex, address } = await key(path)
      transaction.signature = new SigningKey(privateKeyHex).sign(transaction.unsignedHash)
      log.info('The practice operator signed a transaction.', { operator: address, transactionHash: transaction.hash })
      return transaction.serialized
    },
  }
}
