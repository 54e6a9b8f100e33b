import type { SceneLimits } from '../protocol/engine-messages.ts'
import { checkScene } from '../protocol/scene/check-scene.ts'
import type { SceneImage } from '../protocol/scene/check-textures.ts'
import type { Environment, Gltf } from '../protocol/scene/gltf-schema.ts'
import { refuse } from '../protocol/scene/refusal.ts'
import { loadScene, type LoadedScene } from './load-scene.ts'
import { makeMaterialTable, neededImages, type MaterialTable } from './material-table.ts'
import { maxTreeTriangles } from './pack-tree.ts'
import { fillHeap, type HeapEntry, type TexelHeap } from './texel-heap.ts'

/** A scene in memory: what stays the same over all frames, and how to move it to a time. */
export type PreparedScene = {
  readonly gltf: Gltf
  readonly loaded: LoadedScene
  readonly heap: TexelHeap
  readonly materials: MaterialTable
  readonly triangles: number
  readonly images: number
  /** An estimate from above of what the graphics card has to hold, without the sums of a tile. */
  readonly gpuBytes: number
  readonly ignoredExtensions: readonly string[]
}

/** How pictures are decoded; the graphics context does it. */
export type DecodeImage = (image: SceneImage) => Promise<Uint8Array>

/** Bytes on the card: a triangle, its attributes, colours, and its share of the tree; a texel of a texture. */
const bytesPerTriangle = 3 * 64 + 64
const bytesPerTexel = 8

async function decodeAll(gltf: Gltf, images: readonly SceneImage[], decode: DecodeImage): Promise<HeapEntry[]> {
  const entries: HeapEntry[] = []
  const decoded = new Map<number, Uint8Array>()
  for (const { image, coding } of neededImages(gltf)) {
    const { width, height } = images[image]!
    const pixels = decoded.get(image) ?? (await decode(images[image]!))
    decoded.set(image, pixels)
    entries.push({ image, coding, width, height, pixels })
  }
  return entries
}

/** Checks, loads and decodes a scene. Throws SceneRefusedError with the reason where it cannot be rendered. */
export async function prepareScene(
  bytes: Uint8Array,
  limits: SceneLimits,
  decode: DecodeImage,
): Promise<PreparedScene> {
  const { gltf, images, triangles, ignoredExtensions } = checkScene(bytes, limits)
  if (triangles >= maxTreeTriangles)
    refuse('SCENE_TOO_LARGE', `The scene has ${triangles} triangles; the engine can hold ${maxTreeTriangles - 1}.`)
  const texels = neededImages(gltf).reduce((sum, { image }) => sum + images[image]!.width * images[image]!.height, 0)
  const gpuBytes = triangles * bytesPerTriangle + texels * bytesPerTexel
  if (gpuBytes > limits.gpuBytes)
    refuse(
      'SCENE_TOO_LARGE',
      `The scene needs about ${gpuBytes} bytes of graphics memory; ${limits.gpuBytes} are allowed.`,
    )
  const loaded = await loadScene(bytes, gltf)
  const heap = fillHeap(await decodeAll(gltf, images, decode))
  const materials = makeMaterialTable(gltf, heap)
  return { gltf, loaded, heap, materials, triangles, images: images.length, gpuBytes, ignoredExtensions }
}

/** Clear sky above ground, for a scene that has neither lights nor surroundings; linear radiance. */
export const standardSky: Environment = { zenith: [0.35, 0.55, 1], horizon: [0.9, 0.95, 1], nadir: [0.25, 0.22, 0.2] }
const darkness: Environment = { zenith: [0, 0, 0], horizon: [0, 0, 0], nadir: [0, 0, 0] }

/** The scene's own surroundings; else the standard sky where it has no light at all, and darkness where it has. */
export function environmentOf(gltf: Gltf, hasLights: boolean): Environment {
  return gltf.scenes[gltf.scene]?.extras.hearthEnvironment ?? (hasLights ? darkness : standardSky)
}
