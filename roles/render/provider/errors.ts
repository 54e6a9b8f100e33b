import { HearthError } from '../../api/errors.ts'
import type { Refused } from '../protocol/frames.ts'

/** A question that is answered with `refused` and leaves the node as it was. */
export class RefusedError extends HearthError {
  readonly refusal: Refused['code']

  constructor(refusal: Refused['code'], message: string) {
    super(`REFUSED_${refusal.toUpperCase()}`, message)
    this.refusal = refusal
  }

  /** The answer on the wire. */
  frame(): Refused {
    return { kind: 'refused', code: this.refusal, message: this.message.slice(0, 300) }
  }
}
