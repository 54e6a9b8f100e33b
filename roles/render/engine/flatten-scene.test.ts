import { describe, expect, it } from 'vitest'
import { makeRoom } from '../../../e2e/fixtures/render/make-room.ts'
import { rectangle } from '../../../e2e/fixtures/render/shapes.ts'
import { GlbWriter } from '../../../e2e/fixtures/render/write-glb.ts'
import type { SceneLimits } from '../protocol/engine-messages.ts'
import { checkScene } from '../protocol/scene/check-scene.ts'
import { flattenScene } from './flatten-scene.ts'
import type { Geometry } from './geometry.ts'
import { loadScene } from './load-scene.ts'

const limits: SceneLimits = {
  sceneBytes: 10_000_000,
  triangles: 100_000,
  nodes: 1000,
  textures: 10,
  texturePixels: 1_000_000,
  gpuBytes: 1_000_000_000,
}

/** The triangles of a scene file at a time of its animation. */
async function trianglesAt(file: Uint8Array<ArrayBuffer>, seconds: number): Promise<Geometry> {
  const { gltf } = checkScene(file, limits)
  const scene = await loadScene(file, gltf)
  scene.pose(seconds)
  return flattenScene(scene, gltf.materials.length)
}

const sheet = rectangle([0, 0, 0], [1, 0, 0], [0, 1, 0])

/** One sheet from (-1, -1) to (1, 1), with whatever the test adds to its node, its mesh and the scene. */
function sheetWith(
  add: (writer: GlbWriter) => { primitive?: object; attributes?: object; nodes?: readonly object[]; rest?: object },
  normals = true,
): Uint8Array<ArrayBuffer> {
  const writer = new GlbWriter()
  const positions = writer.numbers(sheet.positions, 'VEC3')
  const indices = writer.numbers(sheet.indices, 'SCALAR')
  const normal = normals ? { NORMAL: writer.numbers(sheet.normals, 'VEC3') } : {}
  const { primitive, attributes, nodes = [{ mesh: 0 }], rest } = add(writer)
  return writer.write({
    scenes: [{ nodes: nodes.map((_node, index) => index) }],
    nodes,
    meshes: [
      { primitives: [{ attributes: { POSITION: positions, ...normal, ...attributes }, indices, ...primitive }] },
    ],
    ...rest,
  })
}

const corner = (values: Float32Array, index: number): number[] =>
  [...values.subarray(index * 3, index * 3 + 3)].map((value) => Math.round(value * 1e4) / 1e4 + 0)

/** Two keys, at 0 and 1 second, of one value of node 0. */
function animation(writer: GlbWriter, path: string, values: readonly number[], type: 'SCALAR' | 'VEC3'): object {
  const input = writer.numbers(Float32Array.from([0, 1]), 'SCALAR')
  const output = writer.numbers(Float32Array.from(values), type)
  return { samplers: [{ input, output }], channels: [{ sampler: 0, target: { node: 0, path } }] }
}

describe('the triangles of a moment', () => {
  it('are those of every node that shows a mesh, where it stands', async () => {
    const file = sheetWith(() => ({ nodes: [{ mesh: 0 }, { mesh: 0, translation: [5, 0, 0], scale: [2, 2, 2] }] }))
    const { triangles, positions, normals, materials } = await trianglesAt(file, 0)
    expect(triangles).toBe(4)
    expect(corner(positions, 0)).toEqual([-1, -1, 0])
    expect(corner(positions, 6)).toEqual([3, -2, 0])
    expect(corner(normals, 6)).toEqual([0, 0, 1])
    // No material was named: the one behind the last stands for glTF's default.
    expect([...materials]).toEqual([0, 0, 0, 0])
  })

  it('keep their front where a node mirrors them', async () => {
    const file = sheetWith(() => ({ nodes: [{ mesh: 0, scale: [-1, 1, 1] }] }))
    const { positions } = await trianglesAt(file, 0)
    const [a, b, c] = [0, 1, 2].map((index) => corner(positions, index)) as [number[], number[], number[]]
    const area = (b[0]! - a[0]!) * (c[1]! - a[1]!) - (b[1]! - a[1]!) * (c[0]! - a[0]!)
    expect(area).toBeGreaterThan(0)
  })

  it('are flat where the file has no normals', async () => {
    const { normals } = await trianglesAt(
      sheetWith(() => ({}), false),
      0,
    )
    for (let index = 0; index < 6; index++) expect(corner(normals, index)).toEqual([0, 0, 1])
  })

  it('move with their node, also where a frame lies between two keys or behind the last', async () => {
    const file = sheetWith((writer) => ({
      rest: { animations: [animation(writer, 'translation', [0, 0, 0, 4, 0, 0], 'VEC3')] },
    }))
    expect(corner((await trianglesAt(file, 0)).positions, 0)).toEqual([-1, -1, 0])
    expect(corner((await trianglesAt(file, 0.25)).positions, 0)).toEqual([0, -1, 0])
    expect(corner((await trianglesAt(file, 1)).positions, 0)[0]).toBeCloseTo(3, 3)
    expect(corner((await trianglesAt(file, 2.5)).positions, 0)).toEqual([1, -1, 0])
  })

  it('bend with morph targets, normals too', async () => {
    const file = sheetWith((writer) => {
      // The upper edge comes forward by its whole height: a slope of 45 degrees.
      const target = writer.numbers(Float32Array.from([0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 2]), 'VEC3')
      return {
        primitive: { targets: [{ POSITION: target }] },
        rest: { animations: [animation(writer, 'weights', [0, 1], 'SCALAR')] },
      }
    })
    const bent = await trianglesAt(file, 0.5)
    expect(corner(bent.positions, 2)).toEqual([1, 1, 1])
    const normal = corner(bent.normals, 2)
    expect(normal[1]! / normal[2]!).toBeCloseTo(-0.5)
  })

  it('follow the joints of a skin', async () => {
    const file = sheetWith((writer) => ({
      attributes: {
        JOINTS_0: writer.numbers(Uint16Array.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]), 'VEC4'),
        WEIGHTS_0: writer.numbers(Float32Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]), 'VEC4'),
      },
      nodes: [{ mesh: 0, skin: 0 }, {}, { translation: [0, 0, 3] }],
      rest: { skins: [{ joints: [1, 2] }] },
    }))
    const { positions } = await trianglesAt(file, 0)
    expect(corner(positions, 0)).toEqual([-1, -1, 0])
    expect(corner(positions, 2)).toEqual([1, 1, 3])
  })

  it('carry colours of their corners, white where a mesh has none', async () => {
    const colors = [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1]
    const file = sheetWith((writer) => ({
      attributes: { COLOR_0: writer.numbers(Float32Array.from(colors), 'VEC3') },
    }))
    const { colors: found } = await trianglesAt(file, 0)
    expect(corner(found!, 1)).toEqual([0, 1, 0])
    expect((await trianglesAt(makeRoom(), 0)).colors).toBeNull()
  })

  it('are refused where movement throws them out of the numbers', async () => {
    const file = sheetWith((writer) => ({
      rest: { animations: [animation(writer, 'translation', [0, 0, 0, 1e30, 0, 0], 'VEC3')] },
    }))
    await expect(trianglesAt(file, 0.5)).rejects.toMatchObject({ code: 'SCENE_NOT_FINITE' })
  })
})
