import { SigningKey, getBytes, hashMessage } from 'ethers'
import { HearthError } from '../../roles/api/errors.ts'
import type { Log } from '../../roles/api/values.ts'
import { operatorPath } from '../api/hardware-signer.ts'
import type { HardwareSigner } from '../api/hardware-signer.ts'
import type { KeyStore } from '../store/index.ts'

/** Longest text that any consent has (PROTOCOL 1.3); a device would not show more in reasonable pages. */
const longestTextBytes = 320

/** The practice signer refuses what the device would refuse, so that nothing works here that fails on the device. */
export class PracticeSignerError extends HearthError {}

/**
 * The operator of a practice home behind the port of a hardware wallet: one random key per home, no question asked.
 *
 * Takes only the one path and only plain ASCII text, as the device's first page can show it. What it signs is written to
 * the log. Rejects with OPERATOR_ON_DEVICE on every network but practice, since the key store has no such key there.
 */
export function practiceOperatorSigner(home: { readonly keys: KeyStore }, log: Log): HardwareSigner {
  const key = async (path: string) => {
    if (path === operatorPath) return home.keys.ensureKey('operator')
    throw new PracticeSignerError('WRONG_PATH', `The practice operator has no account at ${path}.`, {
      action: `Use ${operatorPath}.`,
    })
  }
  return {
    async getAddress(path) {
      return (await key(path)).address
    },
    async signPersonalMessage(path, bytes) {
      const text = assertReadable(bytes)
      const { privateKeyHex, address } = await key(path)
      const signature = new SigningKey(privateKeyHex).sign(hashMessage(bytes))
      log.info('The practice operator signed a sentence.', { operator: address, text })
      return getBytes(signature.serialized)
    },
  }
}

function assertReadable(bytes: Uint8Array): string {
  const readable = bytes.every((byte) => byte === 0x0a || (byte >= 0x20 && byte <= 0x7e))
  if (readable && bytes.length > 0 && bytes.length <= longestTextBytes) return new TextDecoder().decode(bytes)
  throw new PracticeSignerError('TEXT_NOT_READABLE', 'The text to sign is not short printable ASCII.', {
    action: 'Please report this: a hardware wallet would refuse it too.',
  })
}
