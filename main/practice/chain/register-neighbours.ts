import { SigningKey, Wallet } from 'ethers'
import {
  acceptNodeTypedData,
  composeAuthorizeSentence,
  encodeApprove,
  encodeAuthorize,
  encodeStakeFor,
  readLatestBlock,
  readNode,
  sentenceDeadline,
  type Chain,
} from '../../../contracts/client/index.ts'
import type { NeighbourIdentity } from '../messages.ts'
import { ensureNeighbourKeys, neighbourDirectory, type NeighbourKeys } from '../neighbours/neighbour-keys.ts'
import { canRender } from '../neighbours/render-neighbours.ts'
import { fundGas } from './fund-gas.ts'
import type { ChainRpc } from './rpc.ts'
import { sendBatch, type SetupCall } from './send-batch.ts'

/** Tokens behind each neighbour, in wei. */
const stakeWei = 1_000n * 10n ** 18n
/** What one machine's keys may lose and spend a day, in micro-tokens: as the app asks of a person. */
const limits = { riskMicro: 100_000_000n, spendPerDayMicro: 10_000_000n }

type Household = {
  readonly index: number
  readonly keys: NeighbourKeys
  readonly operator: Wallet
  readonly node: Wallet
  /** Null for one that only stores. */
  readonly renderNode: Wallet | null
}

/**
 * Makes keys for neighbours that have none, funds them and binds those that the chain does not know: staked by
 * `stakeFor`, authorized by a sentence of their own operator, as a person's node is.
 */
export async function registerNeighbours(o: {
  rpc: ChainRpc
  chain: Chain
  faucet: Wallet
  practiceDirectory: string
  count: number
}): Promise<readonly NeighbourIdentity[]> {
  const households = await Promise.all(
    Array.from({ length: o.count }, (_, index) => openHousehold(o.practiceDirectory, index)),
  )
  await Promise.all(households.map((one) => fundGas(o.rpc, new Wallet(one.keys.gas).address)))
  const known = await Promise.all(households.map((one) => readNode(o.chain, one.node.address)))
  const fresh = households.filter((_, index) => known[index] === null)
  if (fresh.length > 0) {
    const { timestampSeconds } = await readLatestBlock(o.chain)
    const authorizations = fresh.map((one) => authorizeCall(o.chain, one, timestampSeconds))
    await sendBatch(o.faucet, o.chain.provider, [...stakeCalls(o.chain, fresh), ...(await Promise.all(authorizations))])
  }
  return households.map(({ index, operator, node }) => ({ index, operator: operator.address, node: node.address }))
}

async function openHousehold(practiceDirectory: string, index: number): Promise<Household> {
  const keys = await ensureNeighbourKeys(neighbourDirectory(practiceDirectory, index))
  return {
    index,
    keys,
    operator: new Wallet(keys.operator),
    node: new Wallet(keys.storage),
    renderNode: canRender(index) ? new Wallet(keys.render) : null,
  }
}

function stakeCalls({ network }: Chain, fresh: readonly Household[]): SetupCall[] {
  const amountWei = stakeWei * BigInt(fresh.length)
  const approve = encodeApprove(network, { spender: network.contracts.Registry, amountWei })
  const stakes = fresh.map(({ operator }) =>
    encodeStakeFor(network, { operator: operator.address, amountWei: stakeWei }),
  )
  return [{ ...approve, purpose: 'approve' }, ...stakes.map((call) => ({ ...call, purpose: 'stakeFor' }))]
}

async function authorizeCall({ network }: Chain, household: Household, nowSeconds: number): Promise<SetupCall> {
  const { operator, node, renderNode } = household
  const terms = { ...limits, number: 1, deadlineSeconds: sentenceDeadline(nowSeconds) }
  const { deadlineSeconds } = terms
  const bind = (wallet: Wallet, role: 'storage' | 'render') => {
    const { hash } = acceptNodeTypedData(network, { operator: operator.address, role, deadlineSeconds })
    const key = new SigningKey(wallet.privateKey)
    // The first byte of an uncompressed key says only that it is one.
    const publicKey = `0x${key.publicKey.slice(4)}`
    return { node: wallet.address, role, publicKey, acceptance: key.sign(hash).serialized }
  }
  const nodes = [bind(node, 'storage'), ...(renderNode === null ? [] : [bind(renderNode, 'render')])]
  const text = composeAuthorizeSentence(network, { ...terms, nodes })
  const signature = await operator.signMessage(text)
  const call = encodeAuthorize(network, { ...terms, operator: operator.address, nodes, signature })
  return { ...call, purpose: 'authorize' }
}
