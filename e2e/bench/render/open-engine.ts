import { join, resolve } from 'node:path'
import { createSurfaceHost } from '../../../main/platform/node/surface-host.ts'
import { silentLog } from '../../../roles/api/values.ts'
import type { SceneLimits } from '../../../roles/render/protocol/engine-messages.ts'
import type { RenderJob, RenderUnit } from '../../../roles/render/protocol/render-job.ts'
import { createEngineClient, type EngineClient } from '../../../roles/render/surface/engine-client.ts'

const top = resolve(import.meta.dirname, '../../..')

export const generousLimits: SceneLimits = {
  sceneBytes: 100_000_000,
  triangles: 1_000_000,
  nodes: 10_000,
  textures: 100,
  texturePixels: 64_000_000,
  gpuBytes: 2_000_000_000,
}

/** Opens windows with the engine's page, or another page that speaks through a port as it does. */
export function openHost(page?: string) {
  const from = join(top, 'out/main')
  return createSurfaceHost(page === undefined ? { from } : { from, page })
}

export type Host = ReturnType<typeof openHost>

export async function openEngine(host: Host, signal: AbortSignal): Promise<EngineClient> {
  return createEngineClient(await host.open({ signal }), { log: silentLog })
}

/** A job of one frame over a square picture. */
export function jobOf(
  scene: Uint8Array,
  o: { side: number; samples: number; maxBounces: number; seed?: number },
): RenderJob {
  return {
    formatVersion: 1,
    engine: 'hearth-pathtracer-1',
    sceneHash: `0x${'00'.repeat(32)}`,
    sceneBytes: scene.length,
    width: o.side,
    height: o.side,
    samples: o.samples,
    frames: { count: 8, perSecond: 8, startSeconds: 0 },
    camera: null,
    maxBounces: o.maxBounces,
    seed: o.seed ?? 20_240_601,
    tile: { width: 256, height: 256 },
    blocksPerUnit: 1,
  }
}

/** A unit over the whole square picture or a part of it. */
export function unitOf(side: number, part: Partial<RenderUnit> = {}): RenderUnit {
  return { index: 0, frame: 0, x: 0, y: 0, width: side, height: side, firstBlock: 0, blockCount: 1, ...part }
}
