import type { OpenRenderSurface } from '../../api/render-surface.ts'
import type { Log } from '../../api/values.ts'
import type { BackEnd, SceneFacts, SceneLimits } from '../protocol/engine-messages.ts'
import type { RenderJob } from '../protocol/render-job.ts'
import { createEngineClient, type EngineClient } from './engine-client.ts'
import { usualPatience, type Patience } from './engine-channel.ts'

/** An engine that holds the scene of one job. */
export type JobEngine = Pick<EngineClient, 'render' | 'pace' | 'close'> & { readonly scene: SceneFacts }

export type JobEngineOptions = {
  readonly openSurface: OpenRenderSurface
  readonly job: RenderJob
  readonly scene: Uint8Array<ArrayBuffer>
  readonly limits: SceneLimits
  /** Null for the fastest that works here. */
  readonly backEnd: BackEnd | null
  readonly log: Log
  readonly patience?: Patience
  readonly signal: AbortSignal
}

/**
 * Opens a window of its own for a job and loads the scene into it; `close` destroys it. Rejects with SceneRefusedError, EngineFailedError,
 * EngineHungError or with what the platform says where it can open no window.
 */
export async function openJobEngine(o: JobEngineOptions): Promise<JobEngine> {
  const surface = await o.openSurface({ signal: o.signal })
  const client = createEngineClient(surface, { log: o.log, patience: o.patience ?? usualPatience })
  try {
    const { scene, job, limits, backEnd } = o
    const facts = await client.load({ scene, job, limits, backEnd }, { signal: o.signal })
    return { scene: facts, render: client.render, pace: client.pace, close: client.close }
  } catch (error) {
    client.close()
    throw error
  }
}
