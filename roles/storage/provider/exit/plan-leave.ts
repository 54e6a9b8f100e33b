/** A run of pieces that stand one behind the other in a set, as one transaction hands them over. */
export type Batch<Piece> = { readonly first: number; readonly pieces: readonly Piece[] }

type Standing = { readonly index: number; readonly removed: boolean }

/** The first pieces that are still there, without a gap and at most `most`; null when none is left. */
export function nextBatch<Piece extends Standing>(pieces: readonly Piece[], most: number): Batch<Piece> | null {
  const begin = pieces.findIndex((piece) => !piece.removed)
  if (begin === -1) return null
  const rest = pieces.slice(begin)
  const gap = rest.findIndex((piece) => piece.removed)
  const run = (gap === -1 ? rest : rest.slice(0, gap)).slice(0, most)
  return { first: pieces[begin]!.index, pieces: run }
}

/** A node that might take a set's place, as the registry and its own answer describe it. */
export type Candidate = {
  readonly node: string
  readonly operator: string
  readonly taking: boolean
  readonly freeBytes: number
  readonly pricePerGiBPeriodWei: bigint
}

export type HeirRules = {
  readonly leaver: string
  readonly leaverOperator: string
  /** Nodes and operators that hold pieces of this customer already, in lower case. */
  readonly holders: ReadonlySet<string>
  readonly neededBytes: number
  /** What the customer pays now; an heir may not ask more. */
  readonly pricePerGiBPeriodWei: bigint
}

/**
 * Who may be asked, those with most room first: another operator than the leaver's and than any that holds a piece of the
 * customer, with room, at no higher price. Room is compared in powers of two and equals keep their order, so that a
 * shuffled list spreads over homes of about the same size.
 */
export function chooseHeirs<C extends Candidate>(candidates: readonly C[], rules: HeirRules): readonly C[] {
  const { leaver, leaverOperator, holders, neededBytes, pricePerGiBPeriodWei } = rules
  const barred = new Set([...holders, leaver.toLowerCase(), leaverOperator.toLowerCase()])
  return candidates
    .filter(({ node, operator }) => !barred.has(node.toLowerCase()) && !barred.has(operator.toLowerCase()))
    .filter((one) => one.taking && one.freeBytes >= neededBytes && one.pricePerGiBPeriodWei <= pricePerGiBPeriodWei)
    .map((one) => ({ one, room: Math.floor(Math.log2(one.freeBytes)) }))
    .sort((left, right) => right.room - left.room)
    .map(({ one }) => one)
}
