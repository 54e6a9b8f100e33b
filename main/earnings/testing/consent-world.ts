import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getBytes, hexlify, parseEther, randomBytes, Transaction, Wallet } from 'ethers'
import {
  createTransactionSender,
  encodeLock,
  encodeRedeem,
  readLatestBlock,
  readOperatorEarnings,
  sendAndWait,
  voucherTypedData,
} from '../../../contracts/client/index.ts'
import { fundedWallet, signTyped } from '../../../contracts/script/testing/actors.ts'
import { startTestChain, type TestChain } from '../../../contracts/script/testing/practice-chain.ts'
import type { HardwareSigner } from '../../api/hardware-signer.ts'
import type { ConsentRequest } from '../../api/wallet.ts'
import { openHome, type ConfirmedPayout } from '../../store/index.ts'
import { carryOut, prepareConsent, sendKept, signConsent, type PreparedConsent } from '../consent/index.ts'

const timeoutMs = 20_000

/** An operator with a home, on a real chain with the real contracts: for tests of consents. */
export type ConsentWorld = Awaited<ReturnType<typeof openConsentWorld>>

/** What a device would be: signs with the operator's key, and counts how often it was asked. */
export function countingDevice(operator: Wallet): HardwareSigner & { asked: number } {
  const device = {
    asked: 0,
    getAddress: async () => operator.address,
    async signPersonalMessage(_path: string, bytes: Uint8Array) {
      device.asked++
      return getBytes(await operator.signMessage(bytes))
    },
    async signTransaction(_path: string, unsigned: string) {
      device.asked++
      return operator.signTransaction(Transaction.from(unsigned))
    },
  }
  return device
}

/** Opens a chain and a home whose keys are not bound yet. `close` ends both. */
export async function openConsentWorld() {
  const chain = await startTestChain()
  const directory = mkdtempSync(join(tmpdir(), 'hearth-consent-'))
  const home = openHome(directory)
  await home.network.write(chain.network)
  const operator = new Wallet((await home.keys.ensureKey('operator')).privateKeyHex)
  const roleKeys = await home.keys.ensureRoleKeys()
  const customer = await fundedWallet(chain, parseEther('1000'))
  const gas = await fundedWallet(chain)
  const sender = createTransactionSender(chain.chain, gas)
  const signed = home.signedSentences(chain.network)
  const device = countingDevice(operator)
  const subject = { chain: chain.chain, operator: operator.address, roleKeys }
  const { signal } = new AbortController()
  const parts = { subject, hardware: false, signal }
  const nothing: ConfirmedPayout = { current: null, next: null }
  const onLanded = async () => {}

  const world = {
    ...{ chain, home, operator, roleKeys, customer, gas, sender, signed, device, subject, signal },
    prepare: (request: ConsentRequest, confirmed = nothing) => prepareConsent({ ...parts, request, confirmed }),
    /** The same as a transaction of the operator's account. */
    prepareTransaction: (request: ConsentRequest) =>
      prepareConsent({ ...parts, request, confirmed: nothing, form: 'transaction' }),
    sign: (prepared: PreparedConsent, text = prepared.review.text, by: HardwareSigner = device) => {
      const unsigned = prepared.review.transaction?.unsigned
      return signConsent({ subject, prepared, text, unsigned, device: by, onAsk: () => {}, signal })
    },
    send: (sentence: Awaited<ReturnType<typeof signConsent>>, by = sender, onSent: (hash: string) => void = () => {}) =>
      sendKept({ chain: chain.chain, sender: by, sentence, signed, onLanded, onSent, signal }),
    /** The whole of a consent. */
    give: (request: ConsentRequest, shown: string[] = []) =>
      carryOut({
        ...{ ...parts, request, confirmed: nothing, device, sender, signed, onLanded },
        onReview: (review) => void shown.push(review.text),
      }),
    earnings: () => readOperatorEarnings(chain.chain, operator.address),
    /** A download worth so many tokens, of which the operator gets nineteen twentieths. */
    earn: (tokens: string) => earn(chain, customer, roleKeys.storage.address, tokens),
    async close() {
      sender.close()
      await chain.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
  return world
}

async function earn(chain: TestChain, customer: Wallet, node: string, tokens: string): Promise<void> {
  const { network } = chain
  const amountWei = parseEther(tokens)
  await sendAndWait(customer, encodeLock(network, { nodes: [node], amountsWei: [amountWei] }), { timeoutMs })
  const expirySeconds = (await readLatestBlock(chain.chain)).timestampSeconds + 60_000
  const lane = hexlify(randomBytes(32))
  const voucher = { customer: customer.address, node, lane, cumulativeWei: amountWei, expirySeconds }
  const signature = await signTyped(customer, voucherTypedData(network, voucher))
  await sendAndWait(chain.funder, encodeRedeem(network, { voucher, signature }), { timeoutMs })
}
