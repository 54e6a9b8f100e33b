import type { Chain, ReadOptions } from '../../../contracts/client/index.ts'

/** Where an operator's claims are paid to, as the chain says. */
export type Payout = {
  readonly address: string
  /** A change that waits for its time, or for somebody to finish it. */
  readonly pending: { readonly to: string; readonly effectiveAtSeconds: number } | null
}

/** Reads where claims go. Until a change is announced that is the operator himself (PROTOCOL 1.8). */
export async function readPayout(_chain: Chain, operator: string, _options: ReadOptions = {}): Promise<Payout> {
  return { address: operator, pending: null }
}
