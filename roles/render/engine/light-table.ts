import { Vector3 } from 'three'
import type { Gltf, Light } from '../protocol/scene/gltf-schema.ts'
import type { Geometry } from './geometry.ts'
import type { LoadedScene } from './load-scene.ts'
import { bitsOf, brightness, type MaterialFacts } from './material-table.ts'

/** Texels of four numbers that a light takes. */
export const texelsPerLight = 4
const kinds = { triangle: 0, point: 1, spot: 2, directional: 3 } as const

type Entry = { readonly power: number; readonly kind: number; readonly words: readonly number[] }

export type LightTable = {
  readonly words: Uint32Array<ArrayBuffer>
  readonly count: number
  readonly totalPower: number
  readonly hasPunctual: boolean
}

function triangleLights(geometry: Geometry, order: Uint32Array, facts: readonly MaterialFacts[]): Entry[] {
  const entries: Entry[] = []
  const [a, b, c] = [new Vector3(), new Vector3(), new Vector3()]
  for (let place = 0; place < order.length; place++) {
    const triangle = order[place]!
    const bright = brightness(facts[geometry.materials[triangle]!]!.meanEmission)
    if (!(bright > 0)) continue
    a.fromArray(geometry.positions, triangle * 9)
    b.fromArray(geometry.positions, triangle * 9 + 3).sub(a)
    c.fromArray(geometry.positions, triangle * 9 + 6).sub(a)
    const area = b.cross(c).length() / 2
    if (!(area > 0)) continue
    entries.push({ power: area * bright, kind: kinds.triangle, words: [0, 0, 0, place, 0, 0, 0, 0, 0, 0, 0, 0] })
  }
  return entries
}

/** Power in the measure of the triangles' (watts by pi): what counts is only the proportion between lights. */
function punctualPower(light: Light, radius: number): number {
  const bright = brightness(light.color) * light.intensity
  return light.type === 'directional' ? bright * radius ** 2 : light.type === 'point' ? bright * 4 : bright
}

function punctualEntry(light: Light, position: Vector3, direction: Vector3, radius: number): Entry {
  const inner = Math.cos(Math.min(light.spot.innerConeAngle, light.spot.outerConeAngle))
  const outer = Math.cos(light.spot.outerConeAngle)
  const floats = [
    ...position.toArray(),
    outer,
    ...direction.toArray(),
    light.range ?? 0,
    ...light.color.map((value) => value * light.intensity),
    1 / Math.max(1e-3, inner - outer),
  ]
  return { power: punctualPower(light, radius), kind: kinds[light.type], words: floats.map(bitsOf) }
}

/** The lights of KHR_lights_punctual where their nodes are now; a light shines along the node's negative z. */
function punctualLights(scene: LoadedScene, gltf: Gltf, radius: number): Entry[] {
  const lights = gltf.extensions.KHR_lights_punctual?.lights ?? []
  const entries: Entry[] = []
  scene.root.traverse((object) => {
    const node = scene.nodeOf(object)
    const index = node === undefined ? undefined : gltf.nodes[node]?.extensions.KHR_lights_punctual?.light
    const light = index === undefined ? undefined : lights[index]
    if (light === undefined || !(brightness(light.color) * light.intensity > 0)) return
    const direction = new Vector3(0, 0, -1).transformDirection(object.matrixWorld)
    entries.push(punctualEntry(light, new Vector3().setFromMatrixPosition(object.matrixWorld), direction, radius))
  })
  return entries
}

/** Columns of equal height, each filled by at most two lights (A. Walker, 1977; M. Vose, 1991): one look-up draws by power. */
function aliasTable(powers: readonly number[]): { threshold: number; other: number }[] {
  const total = powers.reduce((sum, power) => sum + power, 0)
  const heights = powers.map((power) => (power / total) * powers.length)
  const table = powers.map((_power, index) => ({ threshold: 1, other: index }))
  const small = heights.flatMap((height, index) => (height < 1 ? [index] : []))
  const large = heights.flatMap((height, index) => (height < 1 ? [] : [index]))
  while (small.length > 0 && large.length > 0) {
    const [low, high] = [small.pop()!, large.at(-1)!]
    table[low] = { threshold: heights[low]!, other: high }
    heights[high]! -= 1 - heights[low]!
    if (heights[high]! < 1) small.push(large.pop()!)
  }
  return table
}

function sceneRadius({ positions }: Geometry): number {
  let largest = 0
  for (let index = 0; index < positions.length; index++) largest = Math.max(largest, Math.abs(positions[index]!))
  return largest
}

/** All lights of this moment: glowing triangles and those of KHR_lights_punctual. `order` is the tree's. */
export function makeLightTable(
  scene: LoadedScene,
  gltf: Gltf,
  { geometry, order, facts }: { geometry: Geometry; order: Uint32Array; facts: readonly MaterialFacts[] },
): LightTable {
  const punctual = punctualLights(scene, gltf, sceneRadius(geometry))
  const entries = [...triangleLights(geometry, order, facts), ...punctual]
  const totalPower = entries.reduce((sum, entry) => sum + entry.power, 0)
  const columns = aliasTable(entries.map((entry) => entry.power))
  const words = entries.flatMap((entry, index) => {
    const { threshold, other } = columns[index]!
    return [bitsOf(threshold), other, entry.kind, bitsOf(entry.power / totalPower), ...entry.words]
  })
  return { words: Uint32Array.from(words), count: entries.length, totalPower, hasPunctual: punctual.length > 0 }
}
