import { SigningKey, getBytes, hexlify } from 'ethers'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import {
  auditResultTypedData,
  departureTypedData,
  panelVoteTypedData,
  pieceAcceptanceTypedData,
  priceTermsTypedData,
  renderCommitTypedData,
  stopWorkTypedData,
  takeWorkTypedData,
} from '../../contracts/client/index.ts'
import type { NetworkFile, TypedData } from '../../contracts/client/index.ts'
import { HearthError } from '../../roles/api/errors.ts'
import type { SignRequest } from '../../roles/api/messages.ts'
import { libp2pDomainOf } from './libp2p-domains.ts'

/** The signer does not sign this. */
export class SignRefusedError extends HearthError {
  constructor(message: string) {
    super('SIGN_REFUSED', message)
  }
}

/** Signs for one role; holds the raw key, which never leaves the process that made this (PROTOCOL 1.11). */
export type RoleSigner = (request: SignRequest) => Promise<Uint8Array>

/**
 * The allow list of a role key. Bytes of libp2p must begin with one of its domains; typed data is never taken as a hash
 * but rebuilt here from its fields for this network's contracts, so that a hostile worker can only ever say what a node
 * may say anyway. Rejects with SIGN_REFUSED.
 *
 * Results: DER over SHA-256 for libp2p, 65 bytes (r, s, v) for typed data.
 */
export function createRoleSigner(o: { privateKey: Uint8Array; node: string; network: NetworkFile }): RoleSigner {
  const signingKey = new SigningKey(hexlify(o.privateKey))
  const signTyped = ({ hash }: TypedData) => getBytes(signingKey.sign(hash).serialized)
  return async (request) => {
    switch (request.kind) {
      case 'libp2p':
        if (libp2pDomainOf(request.bytes) === null)
          throw new SignRefusedError('These bytes are nothing that libp2p signs.')
        return secp256k1.sign(request.bytes, o.privateKey, { prehash: true, format: 'der', lowS: true })
      case 'pieceAcceptance':
        return signTyped(pieceAcceptanceTypedData(o.network, acceptanceOf(request, o.node)))
      case 'departure': {
        const { kind: _kind, ...departure } = request
        return signTyped(departureTypedData(o.network, { ...departure, node: o.node }))
      }
      case 'priceTerms':
        return signTyped(priceTermsTypedData(o.network, termsOf(request, o.node)))
      case 'auditResult': {
        const { kind: _kind, ...result } = request
        return signTyped(auditResultTypedData(o.network, { ...result, node: o.node }))
      }
      case 'takeWork':
        return signTyped(takeWorkTypedData(o.network, { ...request, node: o.node }))
      case 'stopWork':
        return signTyped(stopWorkTypedData(o.network, { ...request, node: o.node }))
      case 'renderCommit':
        return signTyped(renderCommitTypedData(o.network, { ...request, node: o.node }))
      case 'panelVote':
        return signTyped(panelVoteTypedData(o.network, { ...request, member: o.node }))
    }
  }
}

function acceptanceOf(request: Extract<SignRequest, { kind: 'pieceAcceptance' }>, node: string) {
  return {
    customer: request.customer,
    node,
    piecesHash: request.piecesHash,
    pricePerGiBPeriodWei: BigInt(request.pricePerGiBPeriodWei),
    retrievalPricePerMiBWei: BigInt(request.retrievalPricePerMiBWei),
    minimumBytesPerSecond: request.minimumBytesPerSecond,
    sequence: request.sequence,
    expirySeconds: request.expirySeconds,
  }
}

function termsOf(request: Extract<SignRequest, { kind: 'priceTerms' }>, node: string) {
  return {
    node,
    pricePerGiBPeriodWei: BigInt(request.pricePerGiBPeriodWei),
    retrievalPricePerMiBWei: BigInt(request.retrievalPricePerMiBWei),
    minimumBytesPerSecond: request.minimumBytesPerSecond,
    sequence: request.sequence,
  }
}
