import {
  Matrix3,
  Matrix4,
  Vector3,
  type BufferAttribute,
  type InterleavedBufferAttribute,
  type Mesh,
  type Object3D,
} from 'three'
import { SceneRefusedError } from '../protocol/scene/refusal.ts'
import type { Geometry } from './geometry.ts'
import { materialKey, type LoadedScene } from './load-scene.ts'

type Attribute = BufferAttribute | InterleavedBufferAttribute

type Target = {
  readonly positions: Float32Array<ArrayBuffer>
  readonly normals: Float32Array<ArrayBuffer>
  readonly coordinates: Float32Array<ArrayBuffer>
  readonly colors: Float32Array<ArrayBuffer> | null
  readonly materials: Uint32Array<ArrayBuffer>
}

/** No scene is larger; beyond it 32-bit floats leave gaps that can be seen. */
const farthest = 1e6

function meshesOf(root: Object3D): Mesh[] {
  const meshes: Mesh[] = []
  root.traverse((object) => {
    if ((object as Mesh).isMesh) meshes.push(object as Mesh)
  })
  return meshes
}

function cornersOf({ geometry }: Mesh): number {
  const corners = geometry.index?.count ?? geometry.getAttribute('position').count
  return corners - (corners % 3)
}

/** Whether skins or morph targets move this mesh's corners against each other. */
function isDeformed(mesh: Mesh): boolean {
  return 'isSkinnedMesh' in mesh || (mesh.geometry.morphAttributes['position']?.length ?? 0) > 0
}

/** Corners of the mesh where they are now, in world space. */
function placeVertices(mesh: Mesh): Float32Array {
  const { count } = mesh.geometry.getAttribute('position')
  const placed = new Float32Array(count * 3)
  const point = new Vector3()
  for (let vertex = 0; vertex < count; vertex++) {
    mesh
      .getVertexPosition(vertex, point)
      .applyMatrix4(mesh.matrixWorld)
      .toArray(placed, vertex * 3)
  }
  return placed
}

function faceNormal(placed: Float32Array, corners: readonly number[], out: Vector3): Vector3 {
  const [a, b, c] = corners.map((corner) => new Vector3().fromArray(placed, corner * 3)) as [Vector3, Vector3, Vector3]
  return out.crossVectors(b.sub(a), c.sub(a))
}

/** Normals of a deformed mesh: those of the faces around each corner, weighted by area. */
function smoothNormals(placed: Float32Array, cornerAt: (index: number) => number, corners: number): Float32Array {
  const normals = new Float32Array(placed.length)
  const normal = new Vector3()
  for (let at = 0; at < corners; at += 3) {
    const face = [cornerAt(at), cornerAt(at + 1), cornerAt(at + 2)]
    faceNormal(placed, face, normal)
    for (const vertex of face) {
      normals[vertex * 3]! += normal.x
      normals[vertex * 3 + 1]! += normal.y
      normals[vertex * 3 + 2]! += normal.z
    }
  }
  return normals
}

/** Normals of the file turned with their mesh; null where it has none (faces are then flat, glTF 2.0 section 3.7.2.1). */
function turnNormals(mesh: Mesh): Float32Array | null {
  const attribute = mesh.geometry.getAttribute('normal') as Attribute | undefined
  if (attribute === undefined) return null
  const turn = new Matrix3().getNormalMatrix(mesh.matrixWorld)
  const normals = new Float32Array(attribute.count * 3)
  const normal = new Vector3()
  for (let vertex = 0; vertex < attribute.count; vertex++) {
    normal
      .fromBufferAttribute(attribute, vertex)
      .applyMatrix3(turn)
      .normalize()
      .toArray(normals, vertex * 3)
  }
  return normals
}

function writeMesh(mesh: Mesh, target: Target, first: number, defaultMaterial: number): void {
  const { geometry } = mesh
  const corners = cornersOf(mesh)
  const mirrored = new Matrix4().copy(mesh.matrixWorld).determinant() < 0
  const index = geometry.index
  const cornerAt = (at: number): number => index?.getX(at) ?? at
  const placed = placeVertices(mesh)
  const normals = isDeformed(mesh) ? smoothNormals(placed, cornerAt, corners) : turnNormals(mesh)
  const uv = geometry.getAttribute('uv') as Attribute | undefined
  const color = geometry.getAttribute('color') as Attribute | undefined
  const material = Array.isArray(mesh.material) ? mesh.material[0] : mesh.material
  const materialIndex = (material?.userData[materialKey] as number | undefined) ?? defaultMaterial
  const flat = new Vector3()
  for (let at = 0; at < corners; at += 3) {
    const triangle = first + at / 3
    // A mirrored mesh has its corners the other way round.
    const face = mirrored
      ? [cornerAt(at), cornerAt(at + 2), cornerAt(at + 1)]
      : [cornerAt(at), cornerAt(at + 1), cornerAt(at + 2)]
    target.materials[triangle] = materialIndex
    if (normals === null) faceNormal(placed, face, flat).normalize()
    face.forEach((vertex, corner) => {
      const to = triangle * 9 + corner * 3
      for (let axis = 0; axis < 3; axis++) {
        target.positions[to + axis] = placed[vertex * 3 + axis]!
        target.normals[to + axis] = normals === null ? flat.getComponent(axis) : normals[vertex * 3 + axis]!
        if (target.colors) target.colors[to + axis] = color?.getComponent(vertex, axis) ?? 1
      }
      target.coordinates[triangle * 6 + corner * 2] = uv?.getX(vertex) ?? 0
      target.coordinates[triangle * 6 + corner * 2 + 1] = uv?.getY(vertex) ?? 0
    })
  }
}

function checkFinite(geometry: Geometry): void {
  if (!geometry.positions.every((value) => Math.abs(value) <= farthest))
    throw new SceneRefusedError(
      'SCENE_NOT_FINITE',
      `The scene has corners that are no numbers or farther than ${farthest} away.`,
    )
  for (let index = 0; index < geometry.normals.length; index++) {
    if (!Number.isFinite(geometry.normals[index])) geometry.normals[index] = 0
  }
  for (let index = 0; index < geometry.coordinates.length; index++) {
    if (!(Math.abs(geometry.coordinates[index]!) <= farthest)) geometry.coordinates[index] = 0
  }
}

/** All triangles of the scene at the time it was last moved to, in world space. */
export function flattenScene(scene: LoadedScene, defaultMaterial: number): Geometry {
  const meshes = meshesOf(scene.root)
  const triangles = meshes.reduce((sum, mesh) => sum + cornersOf(mesh) / 3, 0)
  const hasColors = meshes.some((mesh) => mesh.geometry.hasAttribute('color'))
  const geometry = {
    triangles,
    positions: new Float32Array(triangles * 9),
    normals: new Float32Array(triangles * 9),
    coordinates: new Float32Array(triangles * 6),
    colors: hasColors ? new Float32Array(triangles * 9) : null,
    materials: new Uint32Array(triangles),
  }
  let first = 0
  for (const mesh of meshes) {
    writeMesh(mesh, geometry, first, defaultMaterial)
    first += cornersOf(mesh) / 3
  }
  checkFinite(geometry)
  return geometry
}
