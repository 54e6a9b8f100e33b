import type { SceneLimits } from '../engine-messages.ts'
import { checkAccessors } from './check-accessors.ts'
import { checkGraph } from './check-graph.ts'
import { checkMeshes } from './check-meshes.ts'
import { checkTextures, type SceneImage } from './check-textures.ts'
import { checkExtensions } from './extensions.ts'
import { gltfSchema, type Gltf } from './gltf-schema.ts'
import { readGlb } from './read-glb.ts'
import { refuse } from './refusal.ts'

/** A scene that may be loaded: nothing in it points outside, and it is not larger than was allowed. */
export type CheckedScene = {
  readonly gltf: Gltf
  readonly binary: Uint8Array
  readonly images: readonly SceneImage[]
  /** As rendered: a mesh that five nodes show counts five times. */
  readonly triangles: number
  readonly texturePixels: number
  /** Optional extensions that the picture will do without. */
  readonly ignoredExtensions: readonly string[]
}

/** Lists that have no limit of their own; no real scene comes near. */
const maxListLength = 1_000_000

/** Looks at the lengths of lists before their items are read at all. */
function checkLengths(description: unknown, limits: SceneLimits): void {
  if (typeof description !== 'object' || description === null || Array.isArray(description))
    return refuse('SCENE_MALFORMED', 'The description inside the scene file is no object.')
  const most: Readonly<Record<string, number>> = {
    nodes: limits.nodes,
    textures: limits.textures,
    images: limits.textures,
  }
  for (const [name, value] of Object.entries(description)) {
    if (!Array.isArray(value)) continue
    const limit = Object.hasOwn(most, name) ? most[name]! : maxListLength
    if (value.length > limit)
      refuse('SCENE_TOO_LARGE', `The scene has ${value.length} ${listName(name)}; at most ${limit} are rendered here.`)
  }
}

function listName(name: string): string {
  return /^[a-zA-Z]{1,20}$/.test(name) ? name : 'entries in a list'
}

function parseGltf(description: unknown): Gltf {
  const parsed = gltfSchema.safeParse(description)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const place = (issue?.path ?? []).slice(0, 6).map((part) =>
    String(part)
      .replace(/[^A-Za-z0-9_]/g, '?')
      .slice(0, 40),
  )
  return refuse('SCENE_MALFORMED', `The description of the scene is wrong at ${place.join('.') || 'its top'}.`)
}

function countShown(gltf: Gltf, perMesh: readonly number[]): number {
  return gltf.nodes.reduce((sum, node) => sum + (node.mesh === undefined ? 0 : perMesh[node.mesh]!), 0)
}

/**
 * Checks the bytes of a GLB file before any loader sees them; a scene is hostile input. Takes time in proportion to the
 * file, allocates little beside its description, and throws nothing but SceneRefusedError.
 */
export function checkScene(file: Uint8Array, limits: SceneLimits): CheckedScene {
  if (file.length > limits.sceneBytes)
    refuse(
      'SCENE_TOO_LARGE',
      `The scene file has ${file.length} bytes; at most ${limits.sceneBytes} are rendered here.`,
    )
  const { description, binary } = readGlb(file)
  checkLengths(description, limits)
  const gltf = parseGltf(description)
  const ignoredExtensions = checkExtensions(gltf)
  checkGraph(gltf)
  checkAccessors(gltf, binary)
  const triangles = countShown(gltf, checkMeshes(gltf, binary))
  if (triangles > limits.triangles)
    refuse('SCENE_TOO_LARGE', `The scene has ${triangles} triangles; at most ${limits.triangles} are rendered here.`)
  if (triangles === 0) refuse('SCENE_UNSUPPORTED', 'The scene has no triangles, so there is nothing to see.')
  const images = checkTextures(gltf, binary)
  const texturePixels = images.reduce((sum, image) => sum + image.width * image.height, 0)
  if (texturePixels > limits.texturePixels)
    refuse(
      'SCENE_TOO_LARGE',
      `The textures have ${texturePixels} pixels; at most ${limits.texturePixels} are rendered here.`,
    )
  return { gltf, binary, images, triangles, texturePixels, ignoredExtensions }
}
