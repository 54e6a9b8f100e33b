import { HearthError } from '../../api/errors.ts'

/** A node answered `refused`. */
export class NodeRefusedError extends HearthError {
  readonly refusal: string

  constructor(refusal: string, message: string) {
    super('NODE_REFUSED', `It refused (${refusal}): ${message}`, { details: { refusal } })
    this.refusal = refusal
  }
}

/** A node answered what cannot be: other bytes than it committed to, or none that fit. */
export class NodeFaultError extends HearthError {
  constructor(message: string) {
    super('NODE_FAULT', message)
  }
}

/** Nobody in the pool can take such a job now. */
export class NobodyRendersError extends HearthError {
  constructor(message: string, action: string) {
    super('NOBODY_RENDERS', message, { action })
  }
}

/** What rendering would cost is more than was allowed. */
export class TooDearError extends HearthError {
  constructor(message: string) {
    super('RENDER_TOO_DEAR', message, { action: 'Raise --max-price, or ask for fewer samples, frames or pixels.' })
  }
}
