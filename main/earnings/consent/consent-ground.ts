import {
  type Chain,
  type LatestBlock,
  type Payout,
  type SentenceKind,
  readLatestBlock,
  readOperatorEarnings,
  readOperatorNumbers,
  readPayout,
  readTokenBalance,
} from '../../../contracts/client/index.ts'
import type { RoleName } from '../../../roles/api/roles.ts'
import type { ConsentRequest } from '../../api/wallet.ts'
import type { StoredKey } from '../../store/index.ts'
import { ConsentRefusedError } from './errors.ts'

/** Whose consent it is, on which chain, and the keys of this machine. */
export type ConsentSubject = {
  readonly chain: Chain
  readonly operator: string
  readonly roleKeys: Readonly<Record<RoleName, StoredKey>>
}

/** What a sentence is composed from, all read at one block. */
export type ConsentGround = {
  readonly block: LatestBlock
  /** The number that the next sentence of this kind must carry; null for a revocation, which has none. */
  readonly nextNumber: number | null
  readonly payout: Payout
  /** What the amount is taken from: earnings for claim and stake, the operator's own tokens for a transfer, else null. */
  readonly availableWei: bigint | null
  readonly gasPriceWei: bigint
}

/**
 * Reads what a sentence is composed from. Rejects with WRONG_CHAIN when the server speaks for another chain than the network
 * file names: what is signed then would be valid nowhere, or somewhere else.
 */
export async function readConsentGround(
  { chain, operator }: Pick<ConsentSubject, 'chain' | 'operator'>,
  request: ConsentRequest,
  options: { readonly signal: AbortSignal },
): Promise<ConsentGround> {
  const { signal } = options
  await assertChain(chain)
  const block = await readLatestBlock(chain, { signal })
  const at = { blockTag: block.number, signal }
  const kind = sentenceKindOf(request)
  const [numbers, payout, availableWei, fees] = await Promise.all([
    kind === null ? null : readOperatorNumbers(chain, operator, kind, at),
    readPayout(chain, operator, at),
    readAvailable(chain, operator, request, at),
    chain.provider.getFeeData(),
  ])
  const gasPriceWei = fees.gasPrice ?? fees.maxFeePerGas ?? 0n
  return { block, nextNumber: numbers?.next ?? null, payout, availableWei, gasPriceWei }
}

/** Under which kind a request's sentences are numbered; null for a revocation. */
export function sentenceKindOf(request: ConsentRequest): SentenceKind | null {
  return request.kind === 'revoke' ? null : request.kind
}

async function assertChain(chain: Chain): Promise<void> {
  const found = Number(await chain.provider.send('eth_chainId', []))
  const { chainId, name } = chain.network
  if (found === chainId) return
  throw new ConsentRefusedError(
    'WRONG_CHAIN',
    `The server answers for chain ${found}, but "${name}" is chain ${chainId}. Nothing was signed.`,
    { action: 'Look at the network file; do not sign until both are the same.', details: { found, chainId } },
  )
}

async function readAvailable(
  chain: Chain,
  operator: string,
  request: ConsentRequest,
  at: { readonly blockTag: number; readonly signal: AbortSignal },
): Promise<bigint | null> {
  switch (request.kind) {
    case 'claim':
    case 'stake':
      return (await readOperatorEarnings(chain, operator, at)).claimableWei
    case 'transfer':
      return readTokenBalance(chain, operator, at)
    case 'authorize':
    case 'revoke':
    case 'payout':
    case 'cancelPayout':
    case 'unstake':
      return null
  }
}
