import { HearthError } from '../../../api/errors.ts'

/** Why a scene is refused; each is something the one who made the scene can change. */
export type RefusalCode =
  | 'SCENE_NOT_GLB'
  | 'SCENE_TRUNCATED'
  | 'SCENE_MALFORMED'
  | 'SCENE_TOO_LARGE'
  | 'SCENE_EXTERNAL'
  | 'SCENE_UNSUPPORTED'
  | 'SCENE_NOT_FINITE'
  | 'SCENE_CYCLE'

/** The scene file cannot be rendered, here or on any other machine; nothing of it was loaded. */
export class SceneRefusedError extends HearthError {
  constructor(code: RefusalCode, message: string, action?: string) {
    super(code, message, action === undefined ? {} : { action })
  }
}

/** Throws a refusal; an expression, so that it can stand where a value is missing. */
export function refuse(code: RefusalCode, message: string, action?: string): never {
  throw new SceneRefusedError(code, message, action)
}
