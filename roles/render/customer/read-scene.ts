import { readFile, stat } from 'node:fs/promises'
import { HearthError } from '../../api/errors.ts'
import { checkScene } from '../protocol/scene/check-scene.ts'
import { usualSceneLimits } from '../protocol/scene-limits.ts'

/** A scene file that may be rendered: its bytes, and what of it will be left out. */
export type SceneFile = {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly triangles: number
  readonly ignored: readonly string[]
}

/**
 * Reads a GLB file and checks it as every node will, so that nothing is paid for a scene that all would refuse. Throws FILE_NOT_FOUND, or the
 * SCENE_* error that says what is wrong with it.
 */
export async function readScene(path: string): Promise<SceneFile> {
  const found = await stat(path).catch(() => null)
  if (found === null || !found.isFile()) throw new HearthError('FILE_NOT_FOUND', `There is no file ${path}.`)
  if (found.size > usualSceneLimits.sceneBytes)
    throw new HearthError(
      'SCENE_TOO_LARGE',
      `${path} has ${found.size} bytes; scenes of at most ${usualSceneLimits.sceneBytes} are rendered.`,
    )
  const bytes = Uint8Array.from(await readFile(path))
  const { triangles, ignoredExtensions } = checkScene(bytes, usualSceneLimits)
  return { bytes, triangles, ignored: ignoredExtensions }
}
