import { join } from 'node:path'
import { hexlify } from 'ethers'
import { readMachineAllowance, readNode } from '../../contracts/client/index.ts'
import type { NetworkFile } from '../../contracts/client/index.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import { sameAddress } from '../../roles/api/values.ts'
import { machineLimits, openEarningsBook } from '../earnings/index.ts'
import type { EarningsBook } from '../earnings/index.ts'
import { openConditionsLedger, openEarningHistory, openPieceLedger } from '../store/index.ts'
import type { ConditionsLedger, Home, PieceLedger, StoredKey } from '../store/index.ts'
import type { Connection } from './connection.ts'
import { createWorkSubmitter } from './gas-account.ts'
import type { WorkSubmitter } from './gas-account.ts'
import { mapRoles } from './map-roles.ts'
import { createRoleSigner } from './role-signer.ts'
import type { RoleSigner } from './role-signer.ts'

/** A home that works for an operator: keys, books. Lives as long as the home stays on this network with this operator. */
export type Session = Omit<Connection, 'close'> & {
  readonly operator: string
  readonly roleKeys: Readonly<Record<RoleName, StoredKey>>
  readonly signers: Readonly<Record<RoleName, RoleSigner>>
  readonly submit: WorkSubmitter
  readonly book: EarningsBook
  readonly pieces: PieceLedger
  readonly conditions: ConditionsLedger
  /** Where a role keeps its own; apart for each operator, as the keys are. */
  roleDirectory(role: RoleName): string
  /** What the operator's sentence lets this machine spend on gas a day; null while no rate is known. */
  dailyLimitWei(): bigint | null
  /** Reads again what the operator's sentence allows this machine to spend; called once a role is bound. */
  refreshLimits(role: RoleName): Promise<void>
  /** Closes the books; the connection stays. */
  close(): void
}

/** Opens a session. On the practice network it has the home's accounts funded, which needs the chain to answer. */
export async function openSession(home: Home, connection: Connection, operator: string): Promise<Session> {
  const { chain, network, gas, gasAddress, sender } = connection
  const owner = await ownerOf(home, operator)
  const roleKeys = await home.keys.ensureRoleKeys(owner)
  const customerKey = await home.keys.ensureKey('customer')
  if (network.practice) {
    await chain.provider.send('hearth_enrol', [{ customer: customerKey.address, gasAccount: gasAddress, operator }])
  }
  const state = home.stateDirectory()
  const history = openEarningHistory(join(state, 'earnings.sqlite'), `${network.genesisHash}/${operator}`)
  const pieces = openPieceLedger(join(state, 'pieces.sqlite'), [network.genesisHash, owner].filter(Boolean).join('/'))
  const conditions = openConditionsLedger(join(state, 'conditions.sqlite'), network.genesisHash)
  let limitWei = nativeWeiOf(network, machineLimits.spendPerDayMicro)
  const dailyLimitWei = () => limitWei
  // Only storage has escrow that accrues by period.
  const nodes = [roleKeys.storage.address]
  return {
    ...{ network, chain, gasAddress, sender, gas },
    operator,
    roleKeys,
    signers: signersOf(roleKeys, network),
    submit: createWorkSubmitter({ network, sender, ledger: gas, dailyLimitWei }),
    book: openEarningsBook({ chain, operator, nodes, history, gas }),
    pieces,
    conditions,
    roleDirectory: (role) => home.roleDirectory(role, owner),
    dailyLimitWei,
    async refreshLimits(role) {
      const entry = await readNode(chain, roleKeys[role].address)
      if (entry === null) return
      const { spendPerDayMicro } = await readMachineAllowance(chain, operator, entry.authorization)
      limitWei = nativeWeiOf(network, spendPerDayMicro)
    },
    close() {
      for (const store of [history, pieces, conditions]) store.close()
    },
  }
}

/** Null for the home's own practice operator, whose keys and folders bear no name; everybody else has his own. */
export async function ownerOf(home: Home, operator: string): Promise<string | null> {
  const own = await home.keys.ownOperator()
  return own !== null && sameAddress(own, operator) ? null : operator
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

/** The public key of a role as workers get it. */
export function publicKeyHexOf(key: StoredKey): string {
  return hexlify(key.publicKey)
}
