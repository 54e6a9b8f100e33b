// The builder makes a worker of the file and exports its constructor.
// oxlint-disable-next-line import/default
import BuildTreeWorker from './build-tree-worker.ts?worker&inline'
import { SceneRefusedError } from '../protocol/scene/refusal.ts'
import { EngineFailure } from './failure.ts'
import type { Tree } from './geometry.ts'

type Answer = { readonly tree: Tree } | { readonly error: string; readonly refused: boolean }

function failure({ error, refused }: { error: string; refused: boolean }): Error {
  return refused ? new SceneRefusedError('SCENE_UNSUPPORTED', error) : new EngineFailure('unexpected', error)
}

/** Builds the tree over triangles (nine numbers each) in a worker of its own, which ends with it. */
export function buildTree(positions: Float32Array, signal: AbortSignal): Promise<Tree> {
  return new Promise((done, fail) => {
    const worker = new BuildTreeWorker()
    const end = (act: () => void): void => {
      signal.removeEventListener('abort', cancel)
      worker.terminate()
      act()
    }
    const cancel = (): void => end(() => fail(new EngineFailure('cancelled', 'Building the tree was cancelled.')))
    signal.addEventListener('abort', cancel, { once: true })
    worker.onmessage = ({ data }: MessageEvent<Answer>) =>
      end(() => ('tree' in data ? done(data.tree) : fail(failure(data))))
    worker.onerror = (event) =>
      end(() => fail(new EngineFailure('outOfMemory', `The tree builder ended: ${event.message}`)))
    if (signal.aborted) cancel()
    else worker.postMessage(positions)
  })
}
