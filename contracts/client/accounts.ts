import { type Result } from 'ethers'
import { abortable } from './abortable.ts'
import type { Chain } from './chain.ts'
import { ChainError } from './errors.ts'
import type { ContractName } from './interfaces.ts'
import { readContract, type ReadOptions } from './read-contract.ts'

export type LatestBlock = { readonly number: number; readonly hash: string; readonly timestampSeconds: number }

/** Newest block that the RPC server knows. */
export async function readLatestBlock(
  chain: Chain,
  options: { readonly signal?: AbortSignal } = {},
): Promise<LatestBlock> {
  const block = await abortable(chain.provider.getBlock('latest'), 'Reading the latest block', options.signal)
  if (block === null || block.hash === null) throw new ChainError('CHAIN_EMPTY', 'The chain has no block yet.')
  return { number: block.number, hash: block.hash, timestampSeconds: block.timestamp }
}

/** Tokens of an account in wei. */
export async function readTokenBalance(chain: Chain, address: string, options: ReadOptions = {}): Promise<bigint> {
  const [balance] = await readContract(chain, 'HearthToken', 'balanceOf', [address], options)
  return BigInt(balance)
}

/** Tokens in wei that a spender (by default `Payments`) may still take from an owner. */
export async function readAllowance(
  chain: Chain,
  owner: string,
  spender: string = chain.network.contracts.Payments,
  options: ReadOptions = {},
): Promise<bigint> {
  const [allowance] = await readContract(chain, 'HearthToken', 'allowance', [owner, spender], options)
  return BigInt(allowance)
}

export type SentenceKind = 'authorize' | 'claim' | 'transfer' | 'stake' | 'unstake' | 'payout' | 'cancelPayout'

const kinds: Record<SentenceKind, { readonly contract: ContractName; readonly number: number }> = {
  authorize: { contract: 'Registry', number: 0 },
  claim: { contract: 'Payments', number: 1 },
  transfer: { contract: 'HearthToken', number: 2 },
  stake: { contract: 'Payments', number: 3 },
  unstake: { contract: 'Registry', number: 4 },
  payout: { contract: 'Payments', number: 5 },
  cancelPayout: { contract: 'Payments', number: 6 },
}

/** Last number that an operator used for a kind of sentence, and the one that the next must carry. */
export async function readOperatorNumbers(
  chain: Chain,
  operator: string,
  kind: SentenceKind,
  options: ReadOptions = {},
): Promise<{ readonly last: number; readonly next: number }> {
  const { contract, number } = kinds[kind]
  const [last] = await readContract(chain, contract, 'lastNumber', [operator, number], options)
  return { last: Number(last), next: Number(last) + 1 }
}

export type MachineAllowance = {
  readonly riskWei: bigint
  readonly slashedWei: bigint
  readonly spendPerDayMicro: bigint
}

/** What the sentence with this number allows its machine to lose and to spend. */
export async function readMachineAllowance(
  chain: Chain,
  operator: string,
  authorization: number,
  options: ReadOptions = {},
): Promise<MachineAllowance> {
  const [view] = await readContract(chain, 'Registry', 'allowanceOf', [operator, authorization], options)
  const allowance = view as Result
  return {
    riskWei: BigInt(allowance.riskWei),
    slashedWei: BigInt(allowance.slashedWei),
    spendPerDayMicro: BigInt(allowance.spendPerDayMicro),
  }
}

/** Tokens in wei that an operator has staked for a market (by default the storage market). */
export async function readProvision(
  chain: Chain,
  operator: string,
  market: string = chain.network.contracts.StorageMarket,
  options: ReadOptions = {},
): Promise<bigint> {
  const [provision] = await readContract(chain, 'Registry', 'provisionOf', [operator, market], options)
  return BigInt(provision)
}
