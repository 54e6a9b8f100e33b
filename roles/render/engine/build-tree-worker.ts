import { SceneRefusedError } from '../protocol/scene/refusal.ts'
import { packTree } from './pack-tree.ts'

/** Builds trees beside the page's own thread, which goes on answering meanwhile. One message in, one out. */
self.onmessage = (event: MessageEvent<Float32Array>) => {
  try {
    const tree = packTree(event.data)
    self.postMessage({ tree }, { transfer: [tree.nodes.buffer, tree.order.buffer] })
  } catch (error) {
    const refused = error instanceof SceneRefusedError
    self.postMessage({ error: error instanceof Error ? error.message : String(error), refused })
  }
}
