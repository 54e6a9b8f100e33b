import type { SceneLimits } from './engine-messages.ts'

/** What a home takes at most unless its person says otherwise; a scene beyond it is refused before anything is allocated. */
export const usualSceneLimits: SceneLimits = {
  sceneBytes: 256 * 1024 * 1024,
  triangles: 5_000_000,
  nodes: 100_000,
  textures: 512,
  texturePixels: 256 * 1024 * 1024,
  gpuBytes: 2 * 1024 * 1024 * 1024,
}
