import { randomBytes } from 'node:crypto'
import { link, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { SigningKey, computeAddress } from 'ethers'
import { HearthError } from '../../roles/api/errors.ts'
import { roleNames } from '../../roles/api/roles.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import { sameAddress } from '../../roles/api/values.ts'
import { syncDirectory } from '../../roles/persistence/index.ts'
import { keyFileSchema } from './key-file.ts'
import type { KeyFile, KeyKind } from './key-file.ts'
import { protectKey, unprotectKey } from './key-protection.ts'
import type { ProtectionSources } from './key-protection.ts'
import { directoryMode, fileMode } from './modes.ts'
import { readTextIfThere } from './read-text.ts'

/** A secp256k1 key of this home. Never leaves the process that owns the home. */
export type StoredKey = {
  readonly kind: KeyKind
  readonly privateKey: Uint8Array
  /** `0x` and 64 digits, as ethers takes it. */
  readonly privateKeyHex: string
  /** Checksummed account. */
  readonly address: string
  /** 33 bytes, compressed. */
  readonly publicKey: Uint8Array
}

/** The keys of one home on one network. */
export type KeyStore = {
  /** The key of a kind; made and written durably when there is none yet, also when two processes ask at once. */
  ensureKey(kind: KeyKind): Promise<StoredKey>
  /** The key, or null when it was never made. */
  findKey(kind: KeyKind): Promise<StoredKey | null>
  /**
   * All role keys: made together, so that one sentence on the device authorizes every later role too (PROTOCOL 1.7). A key
   * is bound once in its life, so every operator but the home's own (`owner` null) has keys in a folder of his own.
   */
  ensureRoleKeys(owner?: string | null): Promise<Readonly<Record<RoleName, StoredKey>>>
  /** The operator whose keys, role keys included, lie in the folder itself: the practice one. Null on other networks. */
  ownOperator(): Promise<string | null>
}

/** Which network the keys are for: keys are made per network (PROTOCOL 9.1). */
export type KeyNetwork = { readonly practice: boolean; readonly directory: string }

/** A key file is damaged or does not belong there. Never replaced by a new key: money may hang on the old one. */
export class KeyFileError extends HearthError {
  constructor(path: string, what: string, cause?: unknown) {
    super('KEY_FILE_INVALID', `The key file ${path} ${what}.`, {
      action: 'Put a backup of the file in its place. Hearth does not overwrite it.',
      details: { path },
      cause,
    })
  }
}

/** `network` is asked each time, since a home may get its network after it was opened. */
export function createKeyStore(network: () => Promise<KeyNetwork>, sources: ProtectionSources): KeyStore {
  async function findKeyOf(kind: KeyKind, owner: string | null): Promise<StoredKey | null> {
    const { practice, directory } = await network()
    const path = join(folderOf(directory, owner), kind)
    const file = await readKeyFile(path)
    if (file === null) return null
    if (file.kind !== kind) throw new KeyFileError(path, `holds the key "${file.kind}"`)
    const key = storedKey(kind, await unprotectKey(file.secret, kind, practice, sources))
    if (!sameAddress(key.address, file.address)) throw new KeyFileError(path, 'does not fit the account that it names')
    return key
  }

  async function ensureKeyOf(kind: KeyKind, owner: string | null): Promise<StoredKey> {
    const found = await findKeyOf(kind, owner)
    if (found !== null) return found
    const { practice, directory } = await network()
    if (kind === 'operator' && !practice) throw operatorOnDevice()
    const key = storedKey(kind, newPrivateKey())
    const secret = await protectKey(key.privateKey, kind, practice, sources)
    const file: KeyFile = { formatVersion: 1, kind, address: key.address, secret }
    await createFileOnce(join(folderOf(directory, owner), kind), `${JSON.stringify(file)}\n`)
    // Another process may have been first; what lies on disk counts.
    return (await findKeyOf(kind, owner)) ?? key
  }

  return {
    ensureKey: (kind) => ensureKeyOf(kind, null),
    findKey: (kind) => findKeyOf(kind, null),
    async ensureRoleKeys(owner = null) {
      const keys: Partial<Record<RoleName, StoredKey>> = {}
      for (const role of roleNames) keys[role] = await ensureKeyOf(role, owner)
      return keys as Record<RoleName, StoredKey>
    },
    async ownOperator() {
      const { practice } = await network()
      return practice ? (await ensureKeyOf('operator', null)).address : null
    },
  }
}

function folderOf(directory: string, owner: string | null): string {
  return owner === null ? directory : join(directory, owner.toLowerCase())
}

function storedKey(kind: KeyKind, privateKey: Uint8Array): StoredKey {
  const privateKeyHex = `0x${Buffer.from(privateKey).toString('hex')}`
  const publicKeyHex = SigningKey.computePublicKey(privateKeyHex, true)
  const publicKey = new Uint8Array(Buffer.from(publicKeyHex.slice(2), 'hex'))
  return { kind, privateKey, privateKeyHex, address: computeAddress(publicKeyHex), publicKey }
}

/** 32 random bytes are a valid private key but for one in 2^128; that one is drawn again. */
function newPrivateKey(): Uint8Array {
  const bytes = new Uint8Array(randomBytes(32))
  return secp256k1.utils.isValidSecretKey(bytes) ? bytes : newPrivateKey()
}

function operatorOnDevice(): HearthError {
  return new HearthError('OPERATOR_ON_DEVICE', 'On a real network the operator key lives on the hardware wallet.', {
    action: 'Connect the Ledger and open its Ethereum app.',
  })
}

async function readKeyFile(path: string): Promise<KeyFile | null> {
  const text = await readTextIfThere(path)
  if (text === null) return null
  try {
    return keyFileSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new KeyFileError(path, 'cannot be understood', cause)
  }
}

/**
 * Creates a file with its content complete and durable, unless it exists. `link` fails when the name is taken, which an
 * atomic rename would silently replace.
 */
async function createFileOnce(path: string, text: string): Promise<void> {
  const directory = dirname(path)
  await mkdir(directory, { recursive: true, mode: directoryMode })
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  const handle = await open(temporary, 'wx', fileMode)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    await link(temporary, path)
    await syncDirectory(directory)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await rm(temporary, { force: true })
  }
}
