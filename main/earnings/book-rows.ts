import type { EarningEvent, Movement } from '../../contracts/client/index.ts'
import type { GatheredRow } from '../store/index.ts'

/** The lines of the books that one event of the chain makes; a payment that settles a reward makes two. Pure. */
export function bookRowsOf(movement: Movement): readonly GatheredRow[] {
  const { blockNumber, logIndex, transactionHash, atSeconds } = movement
  const place = { blockNumber, logIndex, transactionHash, atSeconds }
  switch (movement.kind) {
    case 'claim':
    case 'stake':
      return [
        {
          ...place,
          ...{ part: 1, kind: movement.kind, role: null, node: null, customer: null, work: null },
          ...{ amountWei: movement.amountWei, burnedWei: 0n },
        },
      ]
    case 'storageProof':
    case 'voucher':
    case 'repair':
    case 'renderUnit':
    case 'energyDay':
      return payment(movement, place)
  }
}

function payment(
  { role, node, customer, kind, amountWei, burnedWei, rewardWei }: EarningEvent,
  place: Pick<GatheredRow, 'blockNumber' | 'logIndex' | 'transactionHash' | 'atSeconds'>,
): readonly GatheredRow[] {
  const work: GatheredRow = { ...place, part: 1, kind: 'work', role, node, customer, work: kind, amountWei, burnedWei }
  if (rewardWei === 0n) return [work]
  const settled = {
    kind: 'reward',
    node: null,
    customer: null,
    work: null,
    amountWei: rewardWei,
    burnedWei: 0n,
  } as const
  return [{ ...place, part: 0, role, ...settled }, work]
}
