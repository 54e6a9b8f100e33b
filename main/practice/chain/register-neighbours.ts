import { Interface, SigningKey, Wallet, getBytes, type JsonRpcProvider } from 'ethers'
import { hearthTokenAbi, registryAbi } from '../../../contracts/abi/index.ts'
import type { NetworkFile } from '../../../contracts/client/network-file.ts'
import { roleNumber } from '../../../roles/api/roles.ts'
import type { NeighbourIdentity } from '../messages.ts'
import { ensureNeighbourKeys, neighbourDirectory, type NeighbourKeys } from '../neighbours/neighbour-keys.ts'
import { fundGas } from './fund-gas.ts'
import type { ChainRpc } from './rpc.ts'
import { sendBatch, type SetupCall } from './send-batch.ts'

const registryInterface = new Interface(registryAbi)
const tokenInterface = new Interface(hearthTokenAbi)

/** Tokens behind each neighbour, and what of it one machine's keys may lose; in wei and micro-tokens. */
const stakeWei = 1_000n * 10n ** 18n
const riskMicro = 100_000_000n
const spendPerDayMicro = 10_000_000n
/** Sentences of the set-up are used at once; an hour of room is for a machine that sleeps in between. */
const deadlineAheadSeconds = 3_600

type Household = { readonly index: number; readonly keys: NeighbourKeys; readonly operator: Wallet; readonly node: Wallet }

/**
 * Makes keys for neighbours that have none, funds them and binds those that the chain does not know: staked by
 * `stakeFor`, authorized by a sentence of their own operator, as a person's node is.
 */
export async function registerNeighbours(o: {
  rpc: ChainRpc
  provider: JsonRpcProvider
  faucet: Wallet
  network: NetworkFile
  practiceDirectory: string
  count: number
}): Promise<readonly NeighbourIdentity[]> {
  const households = await Promise.all(
    Array.from({ length: o.count }, (_, index) => openHousehold(o.practiceDirectory, index)),
  )
  await Promise.all(households.map((one) => fundGas(o.rpc, new Wallet(one.keys.gas).address)))
  const known = await Promise.all(households.map((one) => isBound(o, one.node.address)))
  const fresh = households.filter((_, index) => known[index] === false)
  const calls = await Promise.all(fresh.map((one) => authorizeCall(o, one)))
  await sendBatch(o.faucet, o.provider, [...stakeCalls(o.network, fresh), ...calls])
  return households.map(({ index, operator, node }) => ({ index, operator: operator.address, node: node.address }))
}

async function openHousehold(practiceDirectory: string, index: number): Promise<Household> {
  const keys = await ensureNeighbourKeys(neighbourDirectory(practiceDirectory, index))
  return { index, keys, operator: new Wallet(keys.operator), node: new Wallet(keys.storage) }
}

type OnChain = { readonly provider: JsonRpcProvider; readonly network: NetworkFile }

async function isBound(o: OnChain, node: string): Promise<boolean> {
  const to = o.network.contracts.Registry
  const answer = await o.provider.call({ to, data: registryInterface.encodeFunctionData('operatorOf', [node]) })
  return BigInt(answer) !== 0n
}

function stakeCalls(network: NetworkFile, fresh: readonly Household[]): SetupCall[] {
  if (fresh.length === 0) return []
  const { HearthToken, Registry, StorageMarket } = network.contracts
  const total = stakeWei * BigInt(fresh.length)
  const approve = { purpose: 'approve', to: HearthToken, data: tokenInterface.encodeFunctionData('approve', [Registry, total]) }
  const stakes = fresh.map(({ operator }) => ({
    purpose: 'stakeFor',
    to: Registry,
    data: registryInterface.encodeFunctionData('stakeFor', [operator.address, StorageMarket, stakeWei]),
  }))
  return [approve, ...stakes]
}

async function authorizeCall(o: OnChain, household: Household): Promise<SetupCall> {
  const { operator, node } = household
  const { contracts, chainId } = o.network
  const block = await o.provider.getBlock('latest')
  const deadlineMinutes = Math.ceil(((block?.timestamp ?? 0) + deadlineAheadSeconds) / 60)
  const role = roleNumber('storage')
  const acceptance = await node.signTypedData(
    { name: 'Hearth Registry', version: '1', chainId, verifyingContract: contracts.Registry },
    acceptTypes,
    { operator: operator.address, role, registry: contracts.Registry, chainId, deadline: deadlineMinutes * 60 },
  )
  const publicKey = `0x${SigningKey.computePublicKey(node.privateKey, false).slice(4)}`
  const authorization = {
    operator: operator.address,
    nodes: [{ node: node.address, role, publicKey, acceptance }],
    riskMicro,
    spendPerDayMicro,
    number: 1,
    deadlineMinutes,
  }
  const text = await o.provider.call({
    to: contracts.Registry,
    data: registryInterface.encodeFunctionData('authorizeSentence', [authorization]),
  })
  const [sentence] = registryInterface.decodeFunctionResult('authorizeSentence', text) as unknown as [string]
  const signature = getBytes(await operator.signMessage(sentence))
  const data = registryInterface.encodeFunctionData('authorize', [authorization, signature])
  return { purpose: 'authorize', to: contracts.Registry, data }
}

const acceptTypes = {
  Accept: [
    { name: 'operator', type: 'address' },
    { name: 'role', type: 'uint8' },
    { name: 'registry', type: 'address' },
    { name: 'chainId', type: 'uint256' },
    { name: 'deadline', type: 'uint64' },
  ],
}
