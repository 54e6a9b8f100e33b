import { Wallet } from 'ethers'
import {
  createTransactionSender,
  openChain,
  type Chain,
  type TransactionSender,
} from '../../../../contracts/client/index.ts'
import type { RoleName } from '../../../../roles/api/roles.ts'
import { silentLog } from '../../../../roles/api/values.ts'
import { operatorPath, type OperatorDevice } from '../../../api/hardware-signer.ts'
import type { ConsentForm, DeviceChoice } from '../../../api/wallet.ts'
import { ownerOf } from '../../../app/session.ts'
import { enrol } from '../../../practice/index.ts'
import type { Home, SignedSentenceStore, StoredKey, WalletRecordStore } from '../../../store/index.ts'
import { openOperatorDevice } from '../../../wallet/index.ts'
import { joinNetwork, practiceAccounts, requireChain } from '../join-network.ts'
import type { VerbContext, VerbValues } from '../verb.ts'
import { readForm, readLedger } from './ledger-option.ts'

/** Everything that a consent needs: the operator's device and account, this machine's keys, and the gas account that pays. */
export type Operator = {
  readonly home: Home
  readonly chain: Chain
  readonly device: OperatorDevice
  readonly operator: string
  readonly roleKeys: Readonly<Record<RoleName, StoredKey>>
  readonly sender: TransactionSender
  readonly wallet: WalletRecordStore
  readonly signed: SignedSentenceStore
  /** Whether the device is asked for the text or, by `--transaction`, for a transaction in its place. */
  readonly form: ConsentForm
}

/**
 * Opens the operator whose device `--ledger` names; without it the practice key, or the Ledger on USB where tokens have value.
 * Works beside an engine of the same home. All is closed when `use` has ended.
 */
export async function withOperator(
  context: VerbContext,
  values: VerbValues,
  use: (operator: Operator) => Promise<void>,
): Promise<void> {
  const named = readLedger(values)
  const network = await joinNetwork(context)
  await requireChain(network, context.signal)
  const choice: DeviceChoice = named ?? (network.practice ? { kind: 'practiceKey' } : { kind: 'usb' })
  const home = context.home()
  const { device } = openOperatorDevice({ choice, practice: network.practice, keys: home.keys, log: silentLog })
  const chain = openChain(network)
  try {
    const operator = await device.getAddress(operatorPath, { signal: context.signal })
    if (network.practice) await enrol(chain, { ...(await practiceAccounts(home)), operator })
    const roleKeys = await home.keys.ensureRoleKeys(await ownerOf(home, operator))
    const gas = await home.keys.ensureKey('gas')
    const sender = createTransactionSender(chain, new Wallet(gas.privateKeyHex, chain.provider))
    const stores = { wallet: home.walletRecord(network), signed: home.signedSentences(network), form: readForm(values) }
    try {
      await use({ home, chain, device, operator, roleKeys, sender, ...stores })
    } finally {
      sender.close()
    }
  } finally {
    await device.close()
    chain.close()
  }
}
