import { readFile } from 'node:fs/promises'
import { HearthError } from '../../roles/api/errors.ts'
import type { Platform } from '../api/platform.ts'
import { PassphraseError, openWithPassphrase, sealWithPassphrase } from './seal.ts'
import type { KeyFile } from './key-file.ts'

/** What may protect the keys of a home; chosen by network and platform, never by the window. */
export type ProtectionSources = {
  /** The system's store; null or unavailable on servers and where the system has none that protects. */
  readonly secrets: Platform['secrets']
  /** Path of a file whose first line is the passphrase. */
  readonly passphraseFile: string | null
}

type Protected = KeyFile['secret']

/** No protection is at hand and the network's tokens have value. */
export class KeyProtectionError extends HearthError {}

/**
 * Puts a private key into the form that goes to disk.
 *
 * Practice tokens are worthless and the same home is used with and without a window, hence a plain 0600 file there.
 * Elsewhere a passphrase that was given wins over the system's store, since whoever gave it wants it to be needed.
 */
export async function protectKey(
  secret: Uint8Array,
  label: string,
  practice: boolean,
  sources: ProtectionSources,
): Promise<Protected> {
  if (practice) return { kind: 'plain', data: Buffer.from(secret).toString('hex') }
  if (sources.passphraseFile !== null) {
    const passphrase = await readPassphrase(sources.passphraseFile)
    return { kind: 'passphrase', sealed: await sealWithPassphrase(secret, passphrase, label) }
  }
  if (sources.secrets?.available() === true) {
    return { kind: 'system', data: Buffer.from(sources.secrets.encrypt(secret)).toString('base64') }
  }
  throw new KeyProtectionError('NO_KEY_PROTECTION', `Nothing on this machine can protect the key "${label}".`, {
    action: 'Write a passphrase into a file that only you can read and name it in HEARTH_PASSPHRASE_FILE.',
  })
}

/** The reverse of `protectKey`. Rejects with KeyProtectionError or PassphraseError. */
export async function unprotectKey(
  secret: Protected,
  label: string,
  practice: boolean,
  sources: ProtectionSources,
): Promise<Uint8Array> {
  switch (secret.kind) {
    case 'plain':
      if (practice) return new Uint8Array(Buffer.from(secret.data, 'hex'))
      throw new KeyProtectionError('KEY_UNPROTECTED', `The key "${label}" lies unprotected on disk.`, {
        action: 'Move the file away: a key without protection is for the practice network only.',
      })
    case 'passphrase': {
      if (sources.passphraseFile === null) throw needsPassphrase(label)
      return openWithPassphrase(secret.sealed, await readPassphrase(sources.passphraseFile), label)
    }
    case 'system':
      if (sources.secrets === null) {
        throw new KeyProtectionError('KEY_NEEDS_APP', `The key "${label}" is protected by the system's store.`, {
          action: 'Use the app on this home, or another home for the command line.',
        })
      }
      return sources.secrets.decrypt(Buffer.from(secret.data, 'base64'))
  }
}

function needsPassphrase(label: string): PassphraseError {
  return new PassphraseError('PASSPHRASE_NEEDED', `The key "${label}" is protected by a passphrase.`, {
    action: 'Name the file that holds the passphrase in HEARTH_PASSPHRASE_FILE.',
  })
}

async function readPassphrase(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new PassphraseError('PASSPHRASE_UNREADABLE', `The passphrase file ${path} cannot be read.`, {
      action: 'Check the path in HEARTH_PASSPHRASE_FILE.',
      cause,
    })
  })
  const passphrase = text.split(/\r?\n/, 1)[0] ?? ''
  if (passphrase.length >= 8) return passphrase
  throw new PassphraseError('PASSPHRASE_SHORT', `The passphrase in ${path} has fewer than 8 characters.`, {
    action: 'Choose a longer one; several words are good.',
  })
}
