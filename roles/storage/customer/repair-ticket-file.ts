import { decode, encode } from 'cborg'
import { computeAddress, getBytes, hexlify, SigningKey } from 'ethers'
import { HearthError } from '../../api/errors.ts'
import { sameAddress } from '../../api/values.ts'
import { counterNonce, tagBytes } from '../protocol/cipher.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { repairTicketSchema, type RepairTicket } from '../protocol/repair-ticket.ts'
import { pathKey } from '../protocol/segment-keys.ts'
import { nodeCipher } from './node-crypto.ts'
import { maskKeyOf } from './repair-file.ts'

/** A file that is no ticket, or none for this node. */
export class TicketError extends HearthError {}

const magic = new TextEncoder().encode('HEARTHRT')
const formatVersion = 1
/** A compressed point of secp256k1. */
const pointBytes = 33
const headerBytes = magic.length + 1 + pointBytes

/** The ticket of a file for one repairer: mask keys are derived here, content keys never leave. */
export function makeTicket(
  manifest: Manifest,
  secret: Uint8Array,
  options: { readonly repairer: string; readonly createdAtSeconds: number },
): RepairTicket {
  const key = pathKey(nodeCipher, secret, manifest.fileSalt, manifest.pathName)
  const { chainId, market, customer, bytes, k, n } = manifest
  const segments = manifest.segments.map(({ pieces }, index) => ({ maskKey: maskKeyOf(manifest, key, index), pieces }))
  return { formatVersion, chainId, market, customer, ...options, bytes, k, n, segments }
}

/**
 * Seals a ticket to the repairer's public key (64 bytes, as the registry has it), so that it may travel by any way: magic,
 * version, a fresh point, then AES-256-GCM of the CBOR text under HKDF of the shared secret.
 */
export function sealTicket(ticket: RepairTicket, publicKey: string): Uint8Array {
  const once = new SigningKey(nodeCipher.randomBytes(32))
  const header = new Uint8Array(headerBytes)
  header.set(magic)
  header[magic.length] = formatVersion
  header.set(getBytes(once.compressedPublicKey), magic.length + 1)
  const shared = getBytes(once.computeSharedSecret(hexlify(Uint8Array.from([4, ...getBytes(publicKey)]))))
  const body = nodeCipher.seal(
    ticketKey(shared, header),
    counterNonce(0),
    header,
    encode(repairTicketSchema.parse(ticket)),
  )
  const file = new Uint8Array(headerBytes + body.length)
  file.set(header)
  file.set(body, headerBytes)
  return file
}

/** Opens a ticket with the repairer's key. Throws TicketError NOT_A_TICKET, TICKET_FOREIGN or TICKET_INVALID. */
export function openTicket(file: Uint8Array, privateKey: string): RepairTicket {
  const isTicket = file.length > headerBytes + tagBytes && magic.every((byte, index) => file[index] === byte)
  if (!isTicket || file[magic.length] !== formatVersion) {
    throw new TicketError('NOT_A_TICKET', 'This file is not a repair ticket of this version.', {
      action: 'Name the file that `hearth store repairer --out` wrote.',
    })
  }
  const header = file.subarray(0, headerBytes)
  const plain = openBody(file, header, privateKey)
  if (plain === null) {
    throw new TicketError('TICKET_FOREIGN', 'This ticket is for another repairer, or it was changed.', {
      action: 'Ask the customer for a ticket that names this node.',
    })
  }
  const parsed = repairTicketSchema.safeParse(decode(plain, { strict: true }))
  if (!parsed.success || !sameAddress(parsed.data.repairer, computeAddress(privateKey))) {
    throw new TicketError('TICKET_INVALID', 'This ticket contradicts itself.', {
      action: 'Ask the customer for a new one.',
    })
  }
  return parsed.data
}

function openBody(file: Uint8Array, header: Uint8Array, privateKey: string): Uint8Array | null {
  try {
    const shared = getBytes(new SigningKey(privateKey).computeSharedSecret(header.subarray(magic.length + 1)))
    return nodeCipher.open(ticketKey(shared, header), counterNonce(0), header, file.subarray(headerBytes))
  } catch {
    // No point of the curve: the header was damaged.
    return null
  }
}

function ticketKey(shared: Uint8Array, header: Uint8Array): Uint8Array {
  return nodeCipher.deriveKey(shared, header, 'hearth/1 repair ticket')
}
