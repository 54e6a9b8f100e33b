import { safeStorage } from 'electron'
import type { Platform } from '../../api/platform.ts'

/** Linux back ends that encrypt with a key that is the same on every machine: no protection at all. */
const emptyBackends: readonly string[] = ['basic_text', 'unknown']

/**
 * The operating system's store for secrets, or null where it protects nothing: then keys of a real network need a
 * passphrase instead. Ask after Electron is ready; before, Linux cannot tell.
 */
export function createSecrets(): Platform['secrets'] {
  if (!safeStorage.isEncryptionAvailable()) return null
  if (process.platform === 'linux' && emptyBackends.includes(safeStorage.getSelectedStorageBackend())) return null
  return {
    available: () => safeStorage.isEncryptionAvailable(),
    encrypt: (plain) => new Uint8Array(safeStorage.encryptString(Buffer.from(plain).toString('base64'))),
    decrypt: (sealed) => new Uint8Array(Buffer.from(safeStorage.decryptString(Buffer.from(sealed)), 'base64')),
  }
}
