import { HearthError } from '../../roles/api/errors.ts'
import { operatorPath } from '../api/hardware-signer.ts'

/** Hearth uses one path for the operator, so that one account holds stake and payouts. */
export class UnknownPathError extends HearthError {
  constructor(path: string) {
    super('WRONG_PATH', `The operator has no account at ${path}.`, { action: `Use ${operatorPath}.` })
  }
}
