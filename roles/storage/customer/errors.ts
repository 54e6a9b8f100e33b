import { HearthError } from '../../api/errors.ts'

/** Fewer suitable contributors answered than the smallest code needs. */
export class TooFewProvidersError extends HearthError {
  constructor(counts: {
    registered: number
    answered: number
    suitable: number
    needed: number
    why: readonly string[]
  }) {
    const { registered, answered, suitable, needed, why } = counts
    super(
      'TOO_FEW_PROVIDERS',
      `Storing needs ${needed} contributors on different accounts and networks: ${registered} are registered, ` +
        `${answered} answered, ${suitable} are suitable.`,
      { action: why[0] ? `Try later. Most often: ${why[0]}` : 'Try later.', details: counts },
    )
  }
}

/** Not enough contributors took a piece of a segment, after all others were tried. */
export class PlacementError extends HearthError {
  constructor(segmentIndex: number, placed: number, needed: number, reasons: readonly string[]) {
    super('PLACEMENT_FAILED', `Only ${placed} of ${needed} pieces of segment ${segmentIndex} could be placed.`, {
      action: reasons[0] ? `Try again later. The last reason was: ${reasons[0]}` : 'Try again later.',
      details: { segmentIndex, placed, needed, reasons },
    })
  }
}

/** A contributor that the caller insists on did not take its piece. */
export class MustIncludeError extends HearthError {
  constructor(node: string, reason: string) {
    super('MUST_INCLUDE_FAILED', `The contributor ${node} did not take its piece: ${reason}`, { details: { node } })
  }
}

/** Not enough intact pieces of a segment could be fetched. */
export class TooFewPiecesError extends HearthError {
  constructor(segmentIndex: number, fetched: number, needed: number, reasons: readonly string[]) {
    super('TOO_FEW_PIECES', `Segment ${segmentIndex} needs ${needed} pieces, but only ${fetched} could be fetched.`, {
      action: 'Try again when more of its contributors are online; `hearth store status` shows them.',
      details: { segmentIndex, fetched, needed, reasons },
    })
  }
}

/** A provider said no, with its reason. */
export class RefusedError extends HearthError {
  readonly refusal: string

  constructor(refusal: string, message: string) {
    super('REFUSED', `refused (${refusal}): ${message}`, { details: { refusal } })
    this.refusal = refusal
  }
}

/** A provider answered something that the protocol does not allow at that point. */
export class ProviderFaultError extends HearthError {
  constructor(message: string) {
    super('PROVIDER_FAULT', message)
  }
}

/** The text of a reason for a list. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
