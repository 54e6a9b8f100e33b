import { SigningKey, hexlify } from 'ethers'
import {
  acceptNodeTypedData,
  composeAuthorizeSentence,
  encodeAuthorize,
  readLatestBlock,
  readOperatorNumbers,
  sentenceDeadline,
} from '../../contracts/client/index.ts'
import type { Chain, NodeBinding, TransactionSender } from '../../contracts/client/index.ts'
import { roleNames } from '../../roles/api/roles.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import { operatorPath } from '../api/hardware-signer.ts'
import type { HardwareSigner } from '../api/hardware-signer.ts'
import type { StoredKey } from '../store/index.ts'

/** What one machine may lose and spend, in micro-tokens: part of the sentence that the operator signs. */
export const machineLimits = {
  /** One hundred tokens of the provision. */
  riskMicro: 100_000_000n,
  /** Ten tokens' worth of fees a day. */
  spendPerDayMicro: 10_000_000n,
} as const

const confirmTimeoutMs = 120_000

/**
 * Binds all role keys of this machine to its operator by one sentence on the device (PROTOCOL 1.1, 1.7).
 *
 * Each key signs that it accepts the operator; the device signs the text that the contract rebuilds; the gas account
 * sends both. Resolves to the text and the transaction. Rejects with the device's refusal or the contract's error; nothing
 * is bound then.
 */
export async function authorizeMachine(o: {
  chain: Chain
  device: HardwareSigner
  roleKeys: Readonly<Record<RoleName, StoredKey>>
  sender: Pick<TransactionSender, 'send'>
  signal: AbortSignal
}): Promise<{ text: string; transactionHash: string }> {
  const { network } = o.chain
  const operator = await o.device.getAddress(operatorPath)
  const [{ next }, block] = await Promise.all([
    readOperatorNumbers(o.chain, operator, 'authorize'),
    readLatestBlock(o.chain),
  ])
  const terms = { number: next, deadlineSeconds: sentenceDeadline(block.timestampSeconds), ...machineLimits }
  const nodes = roleNames.map((role): NodeBinding => {
    const { hash } = acceptNodeTypedData(network, { operator, role, deadlineSeconds: terms.deadlineSeconds })
    const key = new SigningKey(o.roleKeys[role].privateKeyHex)
    // The first byte of an uncompressed key says only that it is one.
    const publicKey = `0x${key.publicKey.slice(4)}`
    return { node: o.roleKeys[role].address, role, publicKey, acceptance: key.sign(hash).serialized }
  })
  const text = composeAuthorizeSentence(network, { ...terms, nodes })
  const signature = hexlify(await o.device.signPersonalMessage(operatorPath, new TextEncoder().encode(text)))
  const call = encodeAuthorize(network, { ...terms, operator, nodes, signature })
  const receipt = await o.sender.send(call, { timeoutMs: confirmTimeoutMs, signal: o.signal })
  return { text, transactionHash: receipt.hash }
}
