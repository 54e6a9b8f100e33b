import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Wallet, computeAddress, type JsonRpcProvider } from 'ethers'
import { bytecodeHash, deployContracts } from '../../../contracts/script/deploy.ts'
import { newChainIdentity, readChainIdentity, writeChainIdentity, type ChainIdentity } from './chain-identity.ts'
import type { ChainRpc } from './rpc.ts'
import { discardState, hasState, stateFileOf } from './saved-state.ts'

/** What a start begins with: the chain of the last time, or a new one and why. */
export type Beginning = {
  readonly identity: ChainIdentity
  readonly stateFile: string | null
  /** Plain words when an earlier chain of this home had to go, else null. */
  readonly notice: string | null
}

/** Said when the state that was saved cannot be gone on with. */
export const damagedNotice = 'The practice network was made anew because its saved state was damaged.'

const changedNotice = 'The practice network was made anew because the contracts of this version differ.'

/** Native wei of the faucet; it pays for seeds, enrolments and the deployment for as long as anyone could run it. */
export const faucetBalanceWei = 10n ** 27n

/** Decides whether the saved chain can go on. When it cannot, what was built on it is removed. */
export async function chooseBeginning(practiceDirectory: string): Promise<Beginning> {
  const identity = await readChainIdentity(practiceDirectory)
  const deployed = identity?.deployed ?? null
  if (identity === null || deployed === null) return beginAnew(practiceDirectory, null)
  if (!(await hasState(practiceDirectory))) return beginAnew(practiceDirectory, damagedNotice)
  if (deployed.bytecodeHash !== bytecodeHash()) return beginAnew(practiceDirectory, changedNotice)
  return { identity, stateFile: stateFileOf(practiceDirectory), notice: null }
}

/** A new chain; the neighbours' pieces and the practice customer's files belong to the old one and go with it. */
export async function beginAnew(practiceDirectory: string, notice: string | null): Promise<Beginning> {
  await discardState(practiceDirectory)
  for (const folder of ['neighbours', 'customer']) {
    await rm(join(practiceDirectory, folder), { recursive: true, force: true })
  }
  const identity = newChainIdentity()
  await writeChainIdentity(practiceDirectory, identity)
  return { identity, stateFile: null, notice }
}

/** Whether the running chain is the one that `identity` names: same first block, contracts in place. */
export async function isIntact(rpc: ChainRpc, identity: ChainIdentity): Promise<boolean> {
  const { deployed } = identity
  if (deployed === null || (await genesisHash(rpc)) !== deployed.genesisHash) return false
  const codes = await Promise.all(
    Object.values(deployed.contracts).map((address) => rpc.call('eth_getCode', [address, 'latest'])),
  )
  return codes.every((code) => typeof code === 'string' && code.length > 2)
}

/** Deploys the contracts on a fresh chain, whose blocks must be coming, and remembers them. */
export async function deployOnFreshChain(o: {
  rpc: ChainRpc
  provider: JsonRpcProvider
  identity: ChainIdentity
  practiceDirectory: string
}): Promise<ChainIdentity> {
  const faucet = computeAddress(o.identity.faucetKey)
  await o.rpc.call('anvil_setBalance', [faucet, `0x${faucetBalanceWei.toString(16)}`])
  const {
    addresses,
    deployedAtBlock,
    bytecodeHash: hash,
  } = await deployContracts(new Wallet(o.identity.faucetKey, o.provider), o.provider, {
    profile: 'practice',
    symbol: 'PLAY',
    label: 'Hearth',
    genesisRecipient: faucet,
    salt: `${o.identity.chainId} ${randomBytes(16).toString('hex')}`,
  })
  const deployed = { genesisHash: await genesisHash(o.rpc), bytecodeHash: hash, deployedAtBlock, contracts: addresses }
  const identity = { ...o.identity, deployed }
  await writeChainIdentity(o.practiceDirectory, identity)
  return identity
}

async function genesisHash(rpc: ChainRpc): Promise<string> {
  const block = (await rpc.call('eth_getBlockByNumber', ['0x0', false])) as { hash: string } | null
  return block?.hash ?? ''
}
