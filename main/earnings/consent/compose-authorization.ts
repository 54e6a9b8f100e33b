import { SigningKey } from 'ethers'
import {
  acceptNodeTypedData,
  composeAuthorizeSentence,
  encodeAuthorize,
  type NodeBinding,
} from '../../../contracts/client/index.ts'
import { roleNames } from '../../../roles/api/roles.ts'
import type { ComposedConsent } from './compose-consent.ts'
import type { ConsentSubject } from './consent-ground.ts'

/** What one machine may lose and spend, in micro-tokens: part of the sentence that the operator signs. */
export const machineLimits = {
  /** One hundred tokens of the provision. */
  riskMicro: 100_000_000n,
  /** Ten tokens' worth of fees a day. */
  spendPerDayMicro: 10_000_000n,
} as const

/** One sentence for all role keys of this machine; each key signs that it accepts the operator (PROTOCOL 1.1, 1.7). */
export function composeAuthorization(
  { chain, operator, roleKeys }: ConsentSubject,
  terms: { readonly number: number; readonly deadlineSeconds: number },
): ComposedConsent {
  const { network } = chain
  const { deadlineSeconds } = terms
  const nodes = roleNames.map((role): NodeBinding => {
    const { hash } = acceptNodeTypedData(network, { operator, role, deadlineSeconds })
    const key = new SigningKey(roleKeys[role].privateKeyHex)
    // The first byte of an uncompressed key says only that it is one.
    const publicKey = `0x${key.publicKey.slice(4)}`
    return { node: roleKeys[role].address, role, publicKey, acceptance: key.sign(hash).serialized }
  })
  const sentence = { ...terms, ...machineLimits, nodes }
  return {
    text: composeAuthorizeSentence(network, sentence),
    recipient: null,
    callWith: (signature) => encodeAuthorize(network, { ...sentence, operator, signature }),
  }
}
