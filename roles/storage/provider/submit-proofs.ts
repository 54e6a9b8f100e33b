import {
  ContractCallError,
  encodeProveMany,
  encodeProvePossession,
  type Chain,
  type ChainCall,
} from '../../../contracts/client/index.ts'
import type { SubmitResult } from '../../api/messages.ts'
import type { RoleContext } from '../../api/worker.ts'

/** The answer to one set's challenges. */
export type SetProof = { readonly customer: string; readonly proofs: Uint8Array }

/** What became of one set's proof. */
export type ProofOutcome =
  | { readonly kind: 'accepted'; readonly receipt: SubmitResult }
  /** Somebody submitted a proof for this set before; the pay is the same. */
  | { readonly kind: 'alreadyProven' }
  | { readonly kind: 'failed'; readonly message: string }

export type SubmitProofsParts = {
  readonly chain: Chain
  readonly node: string
  readonly context: Pick<RoleContext, 'submit' | 'log'>
  readonly signal: AbortSignal
}

/** Sets in one transaction: about two million gas, which every chain's blocks hold. */
const setsPerTransaction = 8

/** Submits proofs, several sets to a transaction. One that the contract refuses spoils no other. Never rejects. */
export async function submitProofs(
  parts: SubmitProofsParts,
  period: number,
  proofs: readonly SetProof[],
): Promise<Map<string, ProofOutcome>> {
  const outcomes = new Map<string, ProofOutcome>()
  for (let first = 0; first < proofs.length; first += setsPerTransaction) {
    const batch = proofs.slice(first, first + setsPerTransaction)
    const together = batch.length > 1 ? await submitTogether(parts, period, batch) : null
    for (const proof of batch) {
      outcomes.set(proof.customer, together ?? (await submitOne(parts, period, proof)))
    }
  }
  return outcomes
}

/** Null when the contract refused the batch: then each set is tried alone. */
async function submitTogether(
  parts: SubmitProofsParts,
  period: number,
  sets: readonly SetProof[],
): Promise<ProofOutcome | null> {
  try {
    return await submit(parts, encodeProveMany(parts.chain.network, { node: parts.node, period, sets }))
  } catch (error) {
    parts.context.log.debug('A batch of proofs was refused; each set is tried alone.', { error: String(error) })
    return null
  }
}

async function submitOne(parts: SubmitProofsParts, period: number, set: SetProof): Promise<ProofOutcome> {
  try {
    return await submit(parts, encodeProvePossession(parts.chain.network, { node: parts.node, period, ...set }))
  } catch (error) {
    if (isAlreadyProven(error)) return { kind: 'alreadyProven' }
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
}

async function submit(parts: SubmitProofsParts, call: ChainCall): Promise<ProofOutcome> {
  const request = { purpose: 'storageProof' as const, to: call.to, data: call.data }
  return { kind: 'accepted', receipt: await parts.context.submit(request, { signal: parts.signal }) }
}

/** Across a process border only the message of the contract's error is left. */
function isAlreadyProven(error: unknown): boolean {
  if (error instanceof ContractCallError) return error.errorName === 'AlreadyProven'
  return error instanceof Error && error.message.includes('AlreadyProven(')
}
