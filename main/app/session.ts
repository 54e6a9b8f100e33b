import { join } from 'node:path'
import { Wallet, hexlify } from 'ethers'
import { createTransactionSender, openChain, readMachineAllowance, readNode } from '../../contracts/client/index.ts'
import type { Chain, NetworkFile, TransactionSender } from '../../contracts/client/index.ts'
import { HearthError } from '../../roles/api/errors.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import type { Log } from '../../roles/api/values.ts'
import { operatorPath } from '../api/hardware-signer.ts'
import type { HardwareSigner } from '../api/hardware-signer.ts'
import { machineLimits, openEarningsBook } from '../earnings/index.ts'
import type { EarningsBook } from '../earnings/index.ts'
import { openEarningHistory, openGasLedger, openPieceLedger } from '../store/index.ts'
import type { Home, PieceLedger, StoredKey } from '../store/index.ts'
import { practiceOperatorSigner } from '../wallet/index.ts'
import { createWorkSubmitter } from './gas-account.ts'
import type { WorkSubmitter } from './gas-account.ts'
import { mapRoles } from './map-roles.ts'
import { createRoleSigner } from './role-signer.ts'
import type { RoleSigner } from './role-signer.ts'

/** A home on a network: keys, chain, books. Lives as long as the home stays on this network file. */
export type Session = {
  readonly network: NetworkFile
  readonly chain: Chain
  readonly device: HardwareSigner
  readonly operator: string
  readonly gasAddress: string
  readonly roleKeys: Readonly<Record<RoleName, StoredKey>>
  readonly signers: Readonly<Record<RoleName, RoleSigner>>
  readonly sender: TransactionSender
  readonly submit: WorkSubmitter
  readonly book: EarningsBook
  readonly pieces: PieceLedger
  /** Reads again what the operator's sentence allows this machine to spend; called once a role is bound. */
  refreshLimits(role: RoleName): Promise<void>
  close(): void
}

/** The RPC server speaks for another chain than the network file names. */
export class WrongChainError extends HearthError {}

/** Opens a session. On the practice network it has the home's accounts funded, which needs the chain to answer. */
export async function openSession(home: Home, network: NetworkFile, log: Log): Promise<Session> {
  const chain = openChain(network)
  try {
    if (network.practice) await assertGenesis(chain)
    return await composeSession(home, chain, log)
  } catch (error) {
    chain.close()
    throw error
  }
}

async function composeSession(home: Home, chain: Chain, log: Log): Promise<Session> {
  const { network } = chain
  const device = deviceOf(home, network, log)
  const operator = await device.getAddress(operatorPath)
  const roleKeys = await home.keys.ensureRoleKeys()
  const gasKey = await home.keys.ensureKey('gas')
  const customerKey = await home.keys.ensureKey('customer')
  if (network.practice) {
    const accounts = { customer: customerKey.address, gasAccount: gasKey.address, operator }
    await chain.provider.send('hearth_enrol', [accounts])
  }
  const state = home.stateDirectory()
  const gas = openGasLedger(join(state, 'gas.sqlite'), network.genesisHash)
  const history = openEarningHistory(join(state, 'earnings.sqlite'), `${network.genesisHash}/${operator}`)
  const pieces = openPieceLedger(join(state, 'pieces.sqlite'), network.genesisHash)
  const sender = createTransactionSender(chain, new Wallet(gasKey.privateKeyHex, chain.provider))
  let dailyLimitWei = nativeWeiOf(network, machineLimits.spendPerDayMicro)
  // Only storage has escrow that accrues by period.
  const nodes = [roleKeys.storage.address]
  return {
    network,
    chain,
    device,
    operator,
    gasAddress: gasKey.address,
    roleKeys,
    signers: signersOf(roleKeys, network),
    sender,
    submit: createWorkSubmitter({ network, sender, ledger: gas, dailyLimitWei: () => dailyLimitWei }),
    book: openEarningsBook({ chain, operator, nodes, history, gas }),
    pieces,
    async refreshLimits(role) {
      const entry = await readNode(chain, roleKeys[role].address)
      if (entry === null) return
      const { spendPerDayMicro } = await readMachineAllowance(chain, operator, entry.authorization)
      dailyLimitWei = nativeWeiOf(network, spendPerDayMicro)
    },
    close() {
      sender.close()
      chain.close()
      for (const store of [gas, history, pieces]) store.close()
    },
  }
}

/** Until a hardware wallet can be connected, only the practice network has an operator that signs. */
function deviceOf(home: Home, network: NetworkFile, log: Log): HardwareSigner {
  if (network.practice) return practiceOperatorSigner(home, log)
  throw new HearthError('NO_HARDWARE_WALLET', `The network "${network.name}" needs a hardware wallet.`, {
    action: 'This version of Hearth works on the practice network only.',
  })
}

function signersOf(
  keys: Readonly<Record<RoleName, StoredKey>>,
  network: NetworkFile,
): Readonly<Record<RoleName, RoleSigner>> {
  return mapRoles((role) => createRoleSigner({ privateKey: keys[role].privateKey, node: keys[role].address, network }))
}

/** The sentence counts in tokens, fees are paid in the chain's own coin: null when the network file knows no rate. */
function nativeWeiOf(network: NetworkFile, micro: bigint): bigint | null {
  const rate = BigInt(network.nativeWeiPerToken)
  return rate === 0n ? null : (micro * rate) / 1_000_000n
}

async function assertGenesis(chain: Chain): Promise<void> {
  const genesis = await chain.provider.getBlock(0)
  if (genesis?.hash?.toLowerCase() === chain.network.genesisHash.toLowerCase()) return
  throw new WrongChainError('WRONG_CHAIN', 'The chain that answers is not the one that the network file names.', {
    action: 'Start the practice network again.',
    details: { expected: chain.network.genesisHash, found: genesis?.hash ?? null },
  })
}

/** The public key of a role as workers get it. */
export function publicKeyHexOf(key: StoredKey): string {
  return hexlify(key.publicKey)
}
