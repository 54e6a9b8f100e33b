import { HearthError } from '../../api/errors.ts'

/** The scene cannot be rendered here or anywhere; asking again would not help. */
export class SceneRefusedError extends HearthError {
  constructor(code: string, message: string) {
    super(code, message, { action: 'Change the scene as the message says.' })
  }
}

/** This try failed: context lost, out of memory, window gone. Another try, or another machine, may do it. */
export class EngineFailedError extends HearthError {}

/** The engine said nothing for so long that it hangs; its window was closed. */
export class EngineHungError extends HearthError {
  constructor(what: string, silentMs: number) {
    super(
      'ENGINE_HUNG',
      `${what} gave no sign of life for ${Math.round(silentMs / 1000)} s, so its window was closed.`,
      {
        action: 'The scene may be too heavy for this graphics processor.',
      },
    )
  }
}
