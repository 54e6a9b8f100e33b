import type { RenderJob } from '../protocol/render-job.ts'
import type { TracerFrame } from './back-end.ts'
import { buildTree } from './build-tree.ts'
import { cameraRays } from './camera.ts'
import { flattenScene } from './flatten-scene.ts'
import type { Geometry } from './geometry.ts'
import { makeLightTable } from './light-table.ts'
import { brightness, texelsPerMaterial, type MaterialTable } from './material-table.ts'
import { environmentOf, type PreparedScene } from './prepare-scene.ts'
import type { Feature } from './shaders/program.ts'

/** One moment of a scene, ready for the graphics card, and what the shader must be able to do for it. */
export type PreparedFrame = {
  readonly frame: TracerFrame
  readonly features: ReadonlySet<Feature>
  readonly lights: number
  readonly buildTreeMs: number
}

/** Numbers of a triangle in each list of the card: four texels of four. */
const numbersPerTriangle = 16

/** Corner and two edges of each triangle, in the order of the tree; the corner's fourth number is the material. */
function packTriangles({ positions, materials }: Geometry, order: Uint32Array): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(order.length * numbersPerTriangle)
  for (let place = 0; place < order.length; place++) {
    const [from, to] = [order[place]! * 9, place * numbersPerTriangle]
    for (let axis = 0; axis < 3; axis++) {
      packed[to + axis] = positions[from + axis]!
      packed[to + 4 + axis] = positions[from + 3 + axis]! - positions[from + axis]!
      packed[to + 8 + axis] = positions[from + 6 + axis]! - positions[from + axis]!
    }
    packed[to + 3] = materials[order[place]!]!
  }
  return packed
}

/** Three normals with two texture coordinates each: n0 u0, n1 v0, n2 u1, then v1 u2 v2. */
function packAttributes({ normals, coordinates }: Geometry, order: Uint32Array): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(order.length * numbersPerTriangle)
  for (let place = 0; place < order.length; place++) {
    const [triangle, to] = [order[place]!, place * numbersPerTriangle]
    for (let corner = 0; corner < 3; corner++) {
      packed.set(normals.subarray(triangle * 9 + corner * 3, triangle * 9 + corner * 3 + 3), to + corner * 4)
      packed[to + corner * 4 + 3] = coordinates[triangle * 6 + corner]!
    }
    packed.set(coordinates.subarray(triangle * 6 + 3, triangle * 6 + 6), to + 12)
  }
  return packed
}

function packColors(colors: Float32Array, order: Uint32Array): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(order.length * numbersPerTriangle)
  for (let place = 0; place < order.length; place++) {
    for (let corner = 0; corner < 3; corner++) {
      const from = order[place]! * 9 + corner * 3
      packed.set(colors.subarray(from, from + 3), place * numbersPerTriangle + corner * 4)
    }
  }
  return packed
}

/** Materials, textures and lights in one list; the density of light sampling goes into the materials. */
function joinTable(
  materials: MaterialTable,
  lights: { words: Uint32Array; totalPower: number },
): Uint32Array<ArrayBuffer> {
  const table = new Uint32Array(materials.words.length + lights.words.length)
  table.set(materials.words)
  table.set(lights.words, materials.words.length)
  const floats = new Float32Array(table.buffer)
  materials.facts.forEach(({ meanEmission }, index) => {
    const density = lights.totalPower > 0 ? brightness(meanEmission) / lights.totalPower : 0
    floats[index * texelsPerMaterial * 4 + 7] = density
  })
  return table
}

/**
 * Moves the scene to a time and makes everything that the shader reads. The tree is built anew for each frame and never
 * refitted, so that a frame does not depend on which one was rendered before it.
 */
export async function prepareFrame(
  scene: PreparedScene,
  job: Pick<RenderJob, 'camera' | 'width' | 'height'>,
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<PreparedFrame> {
  scene.loaded.pose(seconds)
  const geometry = flattenScene(scene.loaded, scene.materials.materialCount - 1)
  const startMs = performance.now()
  const tree = await buildTree(geometry.positions, signal)
  const buildTreeMs = performance.now() - startMs
  const { order } = tree
  const lights = makeLightTable(scene.loaded, scene.gltf, { geometry, order, facts: scene.materials.facts })
  const features = new Set(scene.materials.features)
  if (lights.count > 0) features.add('HAS_LIGHTS')
  if (lights.hasPunctual) features.add('HAS_PUNCTUAL')
  if (geometry.colors !== null) features.add('HAS_COLORS')
  const frame: TracerFrame = {
    nodes: tree.nodes,
    root: tree.root,
    triangles: packTriangles(geometry, order),
    attributes: packAttributes(geometry, order),
    colors: geometry.colors === null ? null : packColors(geometry.colors, order),
    table: joinTable(scene.materials, lights),
    texturesAt: scene.materials.texturesAt,
    lightsAt: scene.materials.words.length / 4,
    lightCount: lights.count,
    camera: cameraRays(scene.loaded, scene.gltf, job),
    environment: environmentOf(scene.gltf, lights.count > 0),
  }
  return { frame, features, lights: lights.count, buildTreeMs }
}
