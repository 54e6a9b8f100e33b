import { Group } from 'three'
import { describe, expect, it } from 'vitest'
import { gltfSchema } from '../protocol/scene/gltf-schema.ts'
import type { Geometry } from './geometry.ts'
import { makeLightTable } from './light-table.ts'

/** Triangles of the given areas, each with a material of its own. */
function trianglesOf(areas: readonly number[]): Geometry {
  const positions = Float32Array.from(areas.flatMap((area) => [0, 0, 0, 2 * area, 0, 0, 0, 1, 0]))
  return {
    triangles: areas.length,
    positions,
    normals: new Float32Array(positions.length),
    coordinates: new Float32Array(areas.length * 6),
    colors: null,
    materials: Uint32Array.from(areas, (_area, index) => index),
  }
}

const scene = { root: new Group(), nodeOf: () => undefined, pose() {}, animationSeconds: 0 }
const gltf = gltfSchema.parse({ asset: { version: '2.0' } })

describe('the table of lights', () => {
  it('draws each light in proportion to its power', () => {
    const areas = [1, 2, 0.5, 4, 3, 0]
    const emissions = [1, 1, 8, 0.25, 0, 5]
    const powers = areas.map((area, index) => area * emissions[index]!)
    const total = powers.reduce((sum, power) => sum + power, 0)
    const table = makeLightTable(scene, gltf, {
      geometry: trianglesOf(areas),
      order: Uint32Array.from(areas, (_area, index) => index),
      facts: emissions.map((value) => ({ meanEmission: [value, value, value] })),
    })
    // Neither the dark triangle nor the one without an area is a light.
    expect(table.count).toBe(4)
    expect(table.totalPower).toBeCloseTo(total)
    const floats = new Float32Array(table.words.buffer)
    const chances = new Float64Array(areas.length)
    for (let column = 0; column < table.count; column++) {
      const threshold = floats[column * 16]!
      const own = table.words[column * 16 + 7]!
      const other = table.words[table.words[column * 16 + 1]! * 16 + 7]!
      chances[own]! += threshold / table.count
      chances[other]! += (1 - threshold) / table.count
      expect(floats[column * 16 + 3]).toBeCloseTo(powers[own]! / total, 5)
    }
    powers.forEach((power, index) => expect(chances[index]).toBeCloseTo(power / total, 5))
  })
})
