import { PerspectiveCamera, Scene, WebGLRenderer, type Camera } from 'three'
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js'
import { WebGLPathTracer } from 'three-gpu-pathtracer'

/** What the bench asks of this page, and the one answer. */
export type PeerRequest = {
  readonly scene: Uint8Array
  readonly side: number
  readonly bounces: number
  readonly samples: number
}
export type PeerAnswer = {
  readonly kind: 'measured'
  readonly firstSampleMs: number
  readonly nextSampleMs: number
  readonly device: string
}

/** Waits for the end of all drawing. */
function finish(gl: WebGLRenderingContext | WebGL2RenderingContext): void {
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4))
}

async function measure({ scene, side, bounces, samples }: PeerRequest): Promise<PeerAnswer> {
  const renderer = new WebGLRenderer({ preserveDrawingBuffer: true })
  renderer.setPixelRatio(1)
  renderer.setSize(side, side)
  const gltf = await new GLTFLoader().parseAsync(scene.slice().buffer, '')
  const world = new Scene().add(gltf.scene)
  world.updateMatrixWorld(true)
  const camera: Camera = gltf.cameras[0] ?? new PerspectiveCamera()
  if (camera instanceof PerspectiveCamera) {
    camera.aspect = 1
    camera.updateProjectionMatrix()
  }
  const tracer = new WebGLPathTracer(renderer)
  tracer.bounces = bounces
  tracer.transmissiveBounces = 0
  tracer.tiles.set(1, 1)
  tracer.renderDelay = 0
  tracer.fadeDuration = 0
  tracer.minSamples = 0
  tracer.rasterizeScene = false
  tracer.renderToCanvas = false
  tracer.synchronizeRenderSize = true
  const gl = renderer.getContext()
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  const device = String(gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL))
  const startMs = performance.now()
  tracer.setScene(world, camera)
  while (tracer.samples < 1) {
    tracer.renderSample()
    finish(gl)
    await new Promise((done) => setTimeout(done))
  }
  const firstMs = performance.now()
  const before = tracer.samples
  while (tracer.samples < before + samples) {
    tracer.renderSample()
    finish(gl)
  }
  const nextSampleMs = (performance.now() - firstMs) / (tracer.samples - before)
  return { kind: 'measured', firstSampleMs: firstMs - startMs, nextSampleMs, device }
}

window.addEventListener('message', (event: MessageEvent<{ kind?: unknown } | null>) => {
  const [port] = event.ports
  if (event.data?.kind !== 'port' || port === undefined) return
  port.onmessage = ({ data }: MessageEvent<PeerRequest>) => {
    measure(data).then(
      (answer) => port.postMessage(answer),
      (error: unknown) =>
        port.postMessage({
          kind: 'failed',
          message: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
    )
  }
  port.postMessage({ kind: 'booted' })
})
