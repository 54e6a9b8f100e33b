import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeRoom } from '../../../../e2e/fixtures/render/make-room.ts'
import type { SceneLimits } from '../engine-messages.ts'
import { checkScene } from './check-scene.ts'
import { readGlb } from './read-glb.ts'
import { SceneRefusedError } from './refusal.ts'

const limits: SceneLimits = {
  sceneBytes: 50_000_000,
  triangles: 1_000_000,
  nodes: 10_000,
  textures: 64,
  texturePixels: 16_000_000,
  gpuBytes: 1_000_000_000,
}

const room = makeRoom()
const parts = readGlb(room)

// oxlint-disable-next-line typescript/no-explicit-any
type Loose = any

/** A GLB file of any description and data. */
function glbOf(description: unknown, binary: Uint8Array = parts.binary): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(typeof description === 'string' ? description : JSON.stringify(description))
  const [jsonBytes, binaryBytes] = [json.length, binary.length].map((bytes) => Math.ceil(bytes / 4) * 4) as [
    number,
    number,
  ]
  const file = new Uint8Array(28 + jsonBytes + binaryBytes).fill(0x20)
  const view = new DataView(file.buffer)
  ;[0x46546c67, 2, file.length, jsonBytes, 0x4e4f534a].forEach((word, index) => view.setUint32(index * 4, word, true))
  file.set(json, 20)
  view.setUint32(20 + jsonBytes, binaryBytes, true)
  view.setUint32(24 + jsonBytes, 0x004e4942, true)
  file.set(binary, 28 + jsonBytes)
  return file
}

/** The room with something changed. */
function roomWith(change: (gltf: Loose, binary: Uint8Array) => void): Uint8Array<ArrayBuffer> {
  const gltf = structuredClone(parts.description)
  const binary = parts.binary.slice()
  change(gltf, binary)
  return glbOf(gltf, binary)
}

function refusalOf(file: Uint8Array, narrowed: Partial<SceneLimits> = {}): string {
  try {
    checkScene(file, { ...limits, ...narrowed })
  } catch (error) {
    if (error instanceof SceneRefusedError) return error.code
    throw error
  }
  return 'accepted'
}

describe('a scene file', () => {
  it('of our own is accepted and counted', () => {
    const scene = checkScene(room, limits)
    expect(scene.triangles).toBe(4442)
    expect(scene.images.map(({ kind, width, height }) => [kind, width, height])).toEqual([
      ['png', 128, 128],
      ['png', 64, 64],
      ['png', 128, 128],
      ['png', 64, 64],
    ])
    expect(scene.ignoredExtensions).toEqual([])
    expect(refusalOf(glbOf(parts.description))).toBe('accepted')
  })

  it('that is none is refused', () => {
    expect(refusalOf(new Uint8Array(0))).toBe('SCENE_NOT_GLB')
    expect(refusalOf(new TextEncoder().encode('BLENDER-v304 and more'))).toBe('SCENE_NOT_GLB')
    const older = room.slice()
    older[4] = 1
    expect(refusalOf(older)).toBe('SCENE_NOT_GLB')
  })

  it('that ends early is refused wherever it ends', () => {
    fc.assert(
      fc.property(fc.nat(room.length - 1), (length) => {
        expect(refusalOf(room.subarray(0, length))).toMatch(/SCENE_(NOT_GLB|TRUNCATED)/)
      }),
    )
  })

  it('that is larger than allowed in any way is refused', () => {
    expect(refusalOf(room, { sceneBytes: room.length - 1 })).toBe('SCENE_TOO_LARGE')
    expect(refusalOf(room, { triangles: 4441 })).toBe('SCENE_TOO_LARGE')
    expect(refusalOf(room, { nodes: 9 })).toBe('SCENE_TOO_LARGE')
    expect(refusalOf(room, { textures: 3 })).toBe('SCENE_TOO_LARGE')
    expect(refusalOf(room, { texturePixels: 40_000 })).toBe('SCENE_TOO_LARGE')
  })

  it('whose one mesh is shown a thousand times counts a thousand times', () => {
    const many = roomWith((gltf) => {
      gltf.nodes = Array.from({ length: 1000 }, () => ({ mesh: 6 }))
      gltf.scenes = [{ nodes: gltf.nodes.map((_node: unknown, index: number) => index) }]
      gltf.animations = []
    })
    expect(refusalOf(many)).toBe('SCENE_TOO_LARGE')
  })

  it('that points outside of itself is refused', () => {
    expect(refusalOf(roomWith((gltf) => (gltf.images[0] = { uri: 'https://example.org/a.png' })))).toBe(
      'SCENE_EXTERNAL',
    )
    expect(refusalOf(roomWith((gltf) => (gltf.buffers[0].uri = '../../etc/passwd')))).toBe('SCENE_EXTERNAL')
    expect(refusalOf(roomWith((gltf) => gltf.buffers.push({ byteLength: 4 })))).toBe('SCENE_EXTERNAL')
  })

  it('with nodes in a circle, with two parents or nested too deep is refused', () => {
    expect(refusalOf(roomWith((gltf) => (gltf.nodes[0].children = [0])))).toBe('SCENE_CYCLE')
    const circle = roomWith((gltf) => {
      gltf.nodes.push({ children: [12] }, { children: [11] })
    })
    expect(refusalOf(circle)).toBe('SCENE_CYCLE')
    expect(refusalOf(roomWith((gltf) => (gltf.nodes[0].children = [1])))).toBe('SCENE_CYCLE')
    const deep = roomWith((gltf) => {
      const first = gltf.nodes.length
      for (let depth = 0; depth < 300; depth++) gltf.nodes.push({ children: depth < 299 ? [first + depth + 1] : [] })
      gltf.scenes[0].nodes.push(first)
    })
    expect(refusalOf(deep)).toBe('SCENE_CYCLE')
  })

  it('with numbers that are none is refused', () => {
    const notANumber = roomWith((gltf, binary) => {
      const view = gltf.bufferViews[gltf.accessors[gltf.meshes[6].primitives[0].attributes.POSITION].bufferView]
      new DataView(binary.buffer).setFloat32(view.byteOffset + 8, Number.NaN, true)
    })
    expect(refusalOf(notANumber)).toBe('SCENE_NOT_FINITE')
    expect(refusalOf(roomWith((gltf) => (gltf.materials[0].emissiveFactor = [1, null, 1])))).toBe('SCENE_MALFORMED')
    expect(refusalOf(roomWith((gltf) => (gltf.materials[0].emissiveFactor = [1e30, 1, 1])))).toBe('SCENE_MALFORMED')
  })

  it('that reads behind the end of its data is refused', () => {
    expect(refusalOf(roomWith((gltf) => (gltf.accessors[0].count = 1_000_000)))).toBe('SCENE_TRUNCATED')
    expect(refusalOf(roomWith((gltf) => (gltf.accessors[0].byteOffset = 2 ** 52)))).toBe('SCENE_TRUNCATED')
    expect(refusalOf(roomWith((gltf) => (gltf.bufferViews[0].byteLength = 2 ** 40)))).toBe('SCENE_TRUNCATED')
    expect(refusalOf(roomWith((gltf) => (gltf.bufferViews[0].byteOffset = 2)))).toBe('SCENE_MALFORMED')
  })

  it('whose triangles name vertices that are not there is refused', () => {
    const wild = roomWith((gltf, binary) => {
      const view = gltf.bufferViews[gltf.accessors[gltf.meshes[6].primitives[0].indices].bufferView]
      new DataView(binary.buffer).setUint16(view.byteOffset, 65_535, true)
    })
    expect(refusalOf(wild)).toBe('SCENE_MALFORMED')
  })

  it('that reads the same data over and over is refused before it is read', () => {
    const startMs = performance.now()
    const bomb = roomWith((gltf) => {
      const { bufferView, count, type, componentType } =
        gltf.accessors[gltf.meshes[6].primitives[0].attributes.POSITION]
      for (let index = 0; index < 200_000; index++) gltf.accessors.push({ bufferView, count, type, componentType })
    })
    expect(refusalOf(bomb)).toBe('SCENE_TOO_LARGE')
    const zeros = roomWith((gltf) => gltf.accessors.push({ count: 2 ** 31, type: 'MAT4', componentType: 5126 }))
    expect(refusalOf(zeros)).toBe('SCENE_TOO_LARGE')
    expect(performance.now() - startMs).toBeLessThan(10_000)
  })

  it('with a small picture file that would decode to an enormous one is refused', () => {
    const huge = (width: number, height: number): Uint8Array<ArrayBuffer> =>
      roomWith((gltf, binary) => {
        const at = gltf.bufferViews[gltf.images[0].bufferView].byteOffset
        const view = new DataView(binary.buffer)
        view.setUint32(at + 16, width)
        view.setUint32(at + 20, height)
      })
    expect(refusalOf(huge(30_000, 30_000))).toBe('SCENE_TOO_LARGE')
    expect(refusalOf(huge(8_192, 8_192))).toBe('SCENE_TOO_LARGE')
    expect(refusalOf(huge(0, 8))).toBe('SCENE_MALFORMED')
  })

  it('that needs what the engine lacks is refused with its name, and told what is left out', () => {
    expect(refusalOf(roomWith((gltf) => (gltf.extensionsRequired = ['KHR_draco_mesh_compression'])))).toBe(
      'SCENE_UNSUPPORTED',
    )
    expect(refusalOf(roomWith((gltf) => gltf.extensionsUsed.push('EXT_mesh_gpu_instancing')))).toBe('SCENE_UNSUPPORTED')
    const optional = roomWith((gltf) => gltf.extensionsUsed.push('KHR_materials_sheen', '<b>evil</b>'))
    expect(checkScene(optional, limits).ignoredExtensions).toEqual(['KHR_materials_sheen', '?b?evil??b?'])
    expect(refusalOf(roomWith((gltf) => (gltf.meshes[0].primitives[0].mode = 1)))).toBe('SCENE_UNSUPPORTED')
    expect(refusalOf(roomWith((gltf) => (gltf.materials[3].pbrMetallicRoughness.baseColorTexture.texCoord = 1)))).toBe(
      'SCENE_UNSUPPORTED',
    )
    expect(refusalOf(glbOf({ ...(parts.description as object), meshes: [], nodes: [], animations: [] }))).toBe(
      'SCENE_MALFORMED',
    )
  })

  it('with a description of another shape or nested without end is refused', () => {
    expect(refusalOf(glbOf('[]'))).toBe('SCENE_MALFORMED')
    expect(refusalOf(glbOf('null'))).toBe('SCENE_MALFORMED')
    expect(refusalOf(glbOf('{'))).toBe('SCENE_MALFORMED')
    expect(refusalOf(glbOf(`{"extras":${'['.repeat(200_000)}${']'.repeat(200_000)}}`))).toBe('SCENE_MALFORMED')
    expect(refusalOf(glbOf({ asset: { version: '2.0' }, nodes: Array.from({ length: 10_001 }, () => ({})) }))).toBe(
      'SCENE_TOO_LARGE',
    )
  })
})

/** All places in a value where something else could stand. */
function pathsOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
}

function replaceAt(root: unknown, path: readonly (string | number)[], value: unknown): unknown {
  if (path.length === 0) return value
  const copy = structuredClone(root) as Loose
  const holder = path.slice(0, -1).reduce((inner: Loose, key) => inner[key], copy)
  holder[path.at(-1)!] = value
  return copy
}

describe('a hostile scene file', () => {
  const places = pathsOf(parts.description)
  const odd = fc.oneof(
    fc.constantFrom<unknown>(-1, 0, 1, 0.5, 2 ** 31, 2 ** 53, 1e308, null, true, '', [], {}, '__proto__', [0, 0, 0, 0]),
    fc.jsonValue(),
  )

  it('with anything at any place of its description is accepted or refused with a reason, and quickly', () => {
    const change = fc.record({ place: fc.nat(places.length - 1), value: odd })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const description = changes.reduce<unknown>((root, { place, value }) => {
          try {
            return replaceAt(root, places[place]!, value)
          } catch {
            return root
          }
        }, parts.description)
        const startMs = performance.now()
        expect(refusalOf(glbOf(description))).toMatch(/^(accepted|SCENE_[A-Z_]+)$/)
        expect(performance.now() - startMs).toBeLessThan(5_000)
      }),
      { numRuns: 400 },
    )
  })

  it('with any bytes changed anywhere is accepted or refused with a reason', () => {
    const change = fc.record({ at: fc.nat(room.length - 1), value: fc.nat(255) })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 40 }), (changes) => {
        const file = room.slice()
        for (const { at, value } of changes) file[at] = value
        expect(refusalOf(file)).toMatch(/^(accepted|SCENE_[A-Z_]+)$/)
      }),
      { numRuns: 400 },
    )
  })

  it('of nothing but noise is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(refusalOf(noise)).toMatch(/^SCENE_/)
      }),
    )
  })
})
