import { decode, encode } from 'cborg'
import { HearthError } from '../../api/errors.ts'
import { counterNonce, tagBytes, type Cipher } from './cipher.ts'
import { manifestSchema, type Manifest } from './manifest.ts'

/** Why a manifest cannot be used; `code` tells which. */
export class ManifestError extends HearthError {}

const magic = new TextEncoder().encode('HEARTHMF')
/** The newest format that is read; the number in the head is that of the manifest inside. */
const formatVersion = 2
const saltBytes = 32
const ownerBytes = 8
const headerBytes = magic.length + 1 + saltBytes + ownerBytes + 4

/**
 * A manifest as a file: magic, version, salt, owner mark, length, then AES-256-GCM of the CBOR text.
 *
 * The key comes from the customer's secret and the salt. The owner mark is 8 bytes from the same derivation, so that another
 * customer's file is told from a damaged one; it differs for every manifest and names nobody.
 */
export function sealManifest(cipher: Cipher, customerSecret: Uint8Array, manifest: Manifest): Uint8Array {
  const plain = encode(manifestSchema.parse(manifest))
  const salt = cipher.randomBytes(saltBytes)
  const header = new Uint8Array(headerBytes)
  header.set(magic)
  header[magic.length] = manifest.formatVersion
  header.set(salt, magic.length + 1)
  header.set(ownerMark(cipher, customerSecret, salt), magic.length + 1 + saltBytes)
  new DataView(header.buffer).setUint32(headerBytes - 4, plain.length + tagBytes)
  const body = cipher.seal(manifestKey(cipher, customerSecret, salt), counterNonce(0), header, plain)
  const file = new Uint8Array(headerBytes + body.length)
  file.set(header)
  file.set(body, headerBytes)
  return file
}

/** Opens and checks a manifest. Throws ManifestError with code NOT_A_MANIFEST, MANIFEST_VERSION, _TRUNCATED, _FOREIGN, _DAMAGED or _INVALID. */
export function openManifest(cipher: Cipher, customerSecret: Uint8Array, file: Uint8Array): Manifest {
  if (file.length < magic.length || magic.some((byte, index) => file[index] !== byte)) {
    throw new ManifestError('NOT_A_MANIFEST', 'This file is not a Hearth manifest.', {
      action: 'Name the file that `hearth store put --out` wrote.',
    })
  }
  if (file.length < headerBytes) throw truncated(file.length, headerBytes)
  if (file[magic.length]! < 1 || file[magic.length]! > formatVersion) {
    throw new ManifestError(
      'MANIFEST_VERSION',
      `This manifest has format ${file[magic.length]}, known are up to ${formatVersion}.`,
      {
        action: 'Update Hearth.',
      },
    )
  }
  const header = file.subarray(0, headerBytes)
  const salt = header.subarray(magic.length + 1, magic.length + 1 + saltBytes)
  const bodyBytes = new DataView(header.buffer, header.byteOffset).getUint32(headerBytes - 4)
  if (file.length !== headerBytes + bodyBytes) throw truncated(file.length, headerBytes + bodyBytes)
  const owner = ownerMark(cipher, customerSecret, salt)
  if (owner.some((byte, index) => byte !== header[magic.length + 1 + saltBytes + index])) {
    throw new ManifestError(
      'MANIFEST_FOREIGN',
      'This manifest was not made by this customer, or its head is damaged.',
      {
        action: 'Use the home that stored the file, or a copy of the manifest.',
      },
    )
  }
  const plain = cipher.open(
    manifestKey(cipher, customerSecret, salt),
    counterNonce(0),
    header,
    file.subarray(headerBytes),
  )
  if (!plain) {
    throw new ManifestError('MANIFEST_DAMAGED', 'This manifest was changed or is damaged.', {
      action: 'Use a copy of the manifest.',
    })
  }
  const manifest = checked(plain)
  if (manifest.formatVersion === file[magic.length]) return manifest
  throw new ManifestError('MANIFEST_INVALID', 'The manifest contradicts itself: its head names another format.')
}

function checked(plain: Uint8Array): Manifest {
  const parsed = manifestSchema.safeParse(decode(plain, { strict: true }))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ManifestError(
    'MANIFEST_INVALID',
    `The manifest contradicts itself: ${issue?.path.join('.')} ${issue?.message}.`,
  )
}

function truncated(actual: number, expected: number): ManifestError {
  return new ManifestError('MANIFEST_TRUNCATED', `The manifest has ${actual} bytes where it says ${expected}.`, {
    action: 'It was cut off or added to; use a copy.',
    details: { actual, expected },
  })
}

function manifestKey(cipher: Cipher, customerSecret: Uint8Array, salt: Uint8Array): Uint8Array {
  return cipher.deriveKey(customerSecret, salt, 'hearth/1 manifest')
}

function ownerMark(cipher: Cipher, customerSecret: Uint8Array, salt: Uint8Array): Uint8Array {
  return cipher.deriveKey(customerSecret, salt, 'hearth/1 manifest owner').subarray(0, ownerBytes)
}
