import { BoxGeometry, Group, Mesh, MeshBasicMaterial, PerspectiveCamera, PlaneGeometry, SphereGeometry } from 'three'
import { gltfSchema } from '../protocol/scene/gltf-schema.ts'
import { materialKey, type LoadedScene } from './load-scene.ts'
import { makeMaterialTable } from './material-table.ts'
import type { PreparedScene } from './prepare-scene.ts'
import { fillHeap } from './texel-heap.ts'

/**
 * The scene that every machine's score is measured on: a lit room with a glass and a metal ball and some thousand
 * triangles, made here so that all engines of this version have the same. Changing it changes every score.
 */

const plain = (red: number, green: number, blue: number) => ({
  pbrMetallicRoughness: { baseColorFactor: [red, green, blue, 1], metallicFactor: 0, roughnessFactor: 1 },
})

const description = {
  asset: { version: '2.0' },
  scenes: [{ nodes: [0] }],
  nodes: [{ camera: 0 }],
  cameras: [{ type: 'perspective', perspective: { yfov: 0.69 } }],
  materials: [
    plain(0.73, 0.73, 0.73),
    plain(0.65, 0.05, 0.05),
    plain(0.12, 0.45, 0.15),
    { ...plain(0, 0, 0), emissiveFactor: [15, 13, 9] },
    { pbrMetallicRoughness: { baseColorFactor: [0.9, 0.7, 0.4, 1], metallicFactor: 1, roughnessFactor: 0.25 } },
    {
      pbrMetallicRoughness: { metallicFactor: 0, roughnessFactor: 0 },
      extensions: {
        KHR_materials_transmission: { transmissionFactor: 1 },
        KHR_materials_volume: { thicknessFactor: 1 },
      },
    },
  ],
}

type Place = { readonly at: readonly [number, number, number]; readonly turn?: readonly [number, number, number] }

function piece(geometry: Mesh['geometry'], material: number, { at, turn }: Place): Mesh {
  const surface = new MeshBasicMaterial()
  surface.userData[materialKey] = material
  const mesh = new Mesh(geometry, surface)
  mesh.position.set(...at)
  mesh.rotation.set(...(turn ?? [0, 0, 0]))
  return mesh
}

function buildRoom(): Group {
  const quarter = Math.PI / 2
  const wall = new PlaneGeometry(2, 2)
  return new Group().add(
    piece(wall, 0, { at: [0, 0, -1] }),
    piece(wall, 0, { at: [0, -1, 0], turn: [-quarter, 0, 0] }),
    piece(wall, 0, { at: [0, 1, 0], turn: [quarter, 0, 0] }),
    piece(wall, 1, { at: [-1, 0, 0], turn: [0, quarter, 0] }),
    piece(wall, 2, { at: [1, 0, 0], turn: [0, -quarter, 0] }),
    piece(new PlaneGeometry(0.6, 0.6), 3, { at: [0, 0.99, 0], turn: [quarter, 0, 0] }),
    piece(new SphereGeometry(0.35, 48, 24), 4, { at: [-0.42, -0.65, -0.3] }),
    piece(new SphereGeometry(0.3, 48, 24), 5, { at: [0.4, -0.7, 0.25] }),
    piece(new BoxGeometry(0.5, 1, 0.4), 0, { at: [0.45, -0.5, -0.5], turn: [0, -0.3, 0] }),
  )
}

/** The standard scene, ready to be rendered. */
export function standardScene(): PreparedScene {
  const gltf = gltfSchema.parse(description)
  const camera = new PerspectiveCamera()
  camera.position.set(0, 0, 3.9)
  const root = buildRoom().add(camera)
  const loaded: LoadedScene = {
    root,
    nodeOf: (object) => (object === camera ? 0 : undefined),
    pose: () => root.updateMatrixWorld(true),
    animationSeconds: 0,
  }
  const heap = fillHeap([])
  const materials = makeMaterialTable(gltf, heap)
  return { gltf, loaded, heap, materials, triangles: 4_668, images: 0, gpuBytes: 2_000_000, ignoredExtensions: [] }
}
