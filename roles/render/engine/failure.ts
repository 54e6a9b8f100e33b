/** Why a try failed here, though the scene is fine; another try or another machine may succeed. */
export type FailureCode =
  | 'contextLost'
  | 'outOfMemory'
  | 'cancelled'
  | 'noScene'
  | 'busy'
  | 'badRequest'
  | 'backEndMissing'
  | 'shaderFailed'
  | 'tooMuchWork'
  | 'unexpected'

/** This try failed; becomes the engine's `failed` message. */
export class EngineFailure extends Error {
  readonly code: FailureCode

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EngineFailure'
    this.code = code
  }
}
