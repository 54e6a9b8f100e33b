import { locateElements, readIndex, type componentCounts, type ElementRange } from './check-accessors.ts'
import { checkIndex } from './check-graph.ts'
import type { Accessor, Gltf, Primitive } from './gltf-schema.ts'
import { refuse } from './refusal.ts'

const triangleModes = new Set([4, 5, 6])

/** Attributes that the engine reads, and how many numbers each has. */
const attributeShapes: Readonly<Record<string, readonly (keyof typeof componentCounts)[]>> = {
  POSITION: ['VEC3'],
  NORMAL: ['VEC3'],
  TANGENT: ['VEC4', 'VEC3'],
  TEXCOORD_0: ['VEC2'],
  COLOR_0: ['VEC3', 'VEC4'],
  JOINTS_0: ['VEC4'],
  WEIGHTS_0: ['VEC4'],
}

function accessorOf(gltf: Gltf, index: number): Accessor {
  checkIndex(index, gltf.accessors, 'accessor')
  return gltf.accessors[index]!
}

function checkAttributes(gltf: Gltf, attributes: Readonly<Record<string, number>>, vertices: number): void {
  for (const [name, index] of Object.entries(attributes)) {
    const accessor = accessorOf(gltf, index)
    if (accessor.count !== vertices)
      refuse('SCENE_MALFORMED', `A mesh has ${vertices} vertices, but ${accessor.count} of another value.`)
    const shapes = Object.hasOwn(attributeShapes, name) ? attributeShapes[name] : undefined
    if (shapes !== undefined && !shapes.includes(accessor.type))
      refuse('SCENE_MALFORMED', 'A mesh has vertices with the wrong number of values.')
  }
}

/** Largest number in a list of triangles; looked up once a list, for thousands of meshes may share one. */
type LargestIndices = Map<number, number>

function largestIndex(accessor: Accessor, range: ElementRange, data: DataView): number {
  let largest = 0
  for (let at = 0; at < range.count; at++) {
    largest = Math.max(largest, readIndex(data, accessor.componentType, range.start + at * range.stride))
  }
  return largest
}

/** Every vertex a triangle names must be there: a graphics card would read whatever lies behind. */
function checkTriangleIndices(index: number, vertices: number, { gltf, data, largest }: Means): number {
  const accessor = accessorOf(gltf, index)
  const isInteger =
    accessor.componentType === 5121 || accessor.componentType === 5123 || accessor.componentType === 5125
  if (accessor.type !== 'SCALAR' || !isInteger || accessor.normalized)
    refuse('SCENE_MALFORMED', 'The triangles of a mesh are no list of integers.')
  if (accessor.sparse !== undefined) refuse('SCENE_UNSUPPORTED', 'A mesh replaces single triangles of a list.')
  const range = locateElements(gltf, accessor)
  if (range === null) return accessor.count
  const known = largest.get(index) ?? largestIndex(accessor, range, data)
  largest.set(index, known)
  if (known >= vertices)
    refuse('SCENE_MALFORMED', `A triangle names a vertex that its mesh of ${vertices} does not have.`)
  return accessor.count
}

type Means = { readonly gltf: Gltf; readonly data: DataView; readonly largest: LargestIndices }

function countTriangles(primitive: Primitive, means: Means): number {
  const { gltf } = means
  if (!triangleModes.has(primitive.mode))
    refuse(
      'SCENE_UNSUPPORTED',
      'The scene has loose points or lines; only triangles are rendered.',
      'Remove or convert them.',
    )
  checkIndex(primitive.material, gltf.materials, 'material')
  const position = primitive.attributes['POSITION']
  if (position === undefined) return refuse('SCENE_MALFORMED', 'A mesh has no positions.')
  const vertices = accessorOf(gltf, position).count
  checkAttributes(gltf, primitive.attributes, vertices)
  for (const target of primitive.targets) checkAttributes(gltf, target, vertices)
  const corners = primitive.indices === undefined ? vertices : checkTriangleIndices(primitive.indices, vertices, means)
  return primitive.mode === 4 ? Math.floor(corners / 3) : Math.max(0, corners - 2)
}

/** Checks each mesh once and returns the triangles of each. */
export function checkMeshes(gltf: Gltf, binary: Uint8Array): number[] {
  const data = new DataView(binary.buffer, binary.byteOffset, binary.length)
  const means: Means = { gltf, data, largest: new Map() }
  return gltf.meshes.map((mesh) =>
    mesh.primitives.reduce((sum, primitive) => sum + countTriangles(primitive, means), 0),
  )
}
