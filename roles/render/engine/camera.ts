import { Box3, Vector3, type Object3D } from 'three'
import type { RenderJob } from '../protocol/render-job.ts'
import type { Camera, Gltf } from '../protocol/scene/gltf-schema.ts'
import { SceneRefusedError } from '../protocol/scene/refusal.ts'
import type { LoadedScene } from './load-scene.ts'

type Triple = readonly [number, number, number]

/** A camera as the shader has it: a point of the picture is `forward + x right + y up`, x and y from -1 to 1. */
export type CameraRays = {
  readonly eye: Triple
  readonly right: Triple
  readonly up: Triple
  readonly forward: Triple
  readonly parallel: boolean
}

/** Where a scene without a camera is looked at from, and how wide: the usual view of a product shot. */
const defaultDirection = new Vector3(0.6, 0.45, 1).normalize()
const defaultFieldRadians = (40 * Math.PI) / 180

const triple = (vector: Vector3): Triple => [vector.x, vector.y, vector.z]

function raysOf(object: Object3D, camera: Camera, aspect: number): CameraRays {
  const [x, y, z] = [new Vector3(), new Vector3(), new Vector3()]
  object.matrixWorld.extractBasis(x, y, z)
  for (const axis of [x, y, z]) axis.normalize()
  const parallel = camera.type === 'orthographic'
  const halfHeight = parallel ? camera.orthographic.ymag : Math.tan(camera.perspective.yfov / 2)
  return {
    eye: triple(new Vector3().setFromMatrixPosition(object.matrixWorld)),
    right: triple(x.multiplyScalar(halfHeight * aspect)),
    up: triple(y.multiplyScalar(halfHeight)),
    forward: triple(z.negate()),
    parallel,
  }
}

/** Sees the whole scene from the side and somewhat above. */
function lookAtAll(root: Object3D, aspect: number): CameraRays {
  const box = new Box3().setFromObject(root)
  const center = box.getCenter(new Vector3())
  const radius = Math.max(box.getSize(new Vector3()).length() / 2, 1e-3)
  const halfHeight = Math.tan(defaultFieldRadians / 2)
  const distance = radius / Math.sin(Math.atan(halfHeight * Math.min(1, aspect)))
  const forward = defaultDirection.clone().negate()
  const right = new Vector3().crossVectors(forward, new Vector3(0, 1, 0)).normalize()
  const up = new Vector3().crossVectors(right, forward)
  return {
    eye: triple(center.addScaledVector(defaultDirection, distance)),
    right: triple(right.multiplyScalar(halfHeight * aspect)),
    up: triple(up.multiplyScalar(halfHeight)),
    forward: triple(forward),
    parallel: false,
  }
}

/**
 * The camera of the job where it stands now. A job that names none gets the scene's first; a scene without one is seen whole.
 * The height of the picture decides how much is seen, its width follows from the job's shape. Throws SceneRefusedError for a
 * camera that the scene does not have.
 */
export function cameraRays(
  scene: LoadedScene,
  gltf: Gltf,
  job: Pick<RenderJob, 'camera' | 'width' | 'height'>,
): CameraRays {
  const found: { object: Object3D; camera: Camera }[] = []
  scene.root.traverse((object) => {
    const node = scene.nodeOf(object)
    const index = node === undefined ? undefined : gltf.nodes[node]?.camera
    if (index !== undefined) found[index] ??= { object, camera: gltf.cameras[index]! }
  })
  const aspect = job.width / job.height
  const chosen = job.camera === null ? found.find((entry) => entry !== undefined) : found[job.camera]
  if (chosen !== undefined) return raysOf(chosen.object, chosen.camera, aspect)
  if (job.camera === null) return lookAtAll(scene.root, aspect)
  throw new SceneRefusedError(
    'SCENE_MALFORMED',
    `The scene shows no camera ${job.camera}.`,
    'Choose one that it has, or none.',
  )
}
