import { HearthError } from '../../../roles/api/errors.ts'

/** The command line cannot be understood; exit code 2. */
export class UsageError extends HearthError {
  constructor(message: string, action?: string) {
    super('USAGE', message, action === undefined ? {} : { action })
  }
}
