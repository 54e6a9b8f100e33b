import { DataUtils } from 'three'
import { describe, expect, it } from 'vitest'
import { gltfSchema } from '../protocol/scene/gltf-schema.ts'
import { makeMaterialTable, neededImages } from './material-table.ts'
import { fillHeap, heapKey } from './texel-heap.ts'

const gltfOf = (materials: readonly object[], textures: readonly object[] = []) =>
  gltfSchema.parse({
    asset: { version: '2.0' },
    materials,
    textures,
    images: [{ bufferView: 0, mimeType: 'image/png' }],
    samplers: [{ wrapS: 33071, wrapT: 33648, magFilter: 9728 }],
  })

/** Two texels: black, and middle grey with half alpha. */
const picture = { image: 0, width: 2, height: 1, pixels: Uint8Array.from([0, 0, 0, 255, 188, 188, 188, 128]) }

describe('textures in the heap', () => {
  it('are linear where they are colours and untouched where they are numbers', () => {
    const heap = fillHeap([
      { ...picture, coding: 'srgb' },
      { ...picture, coding: 'plain' },
    ])
    const valueAt = (texel: number, channel: number): number =>
      DataUtils.fromHalfFloat(heap.texels[texel * 4 + channel]!)
    // The sRGB code 188 is half of full light (IEC 61966-2-1).
    expect(valueAt(1, 0)).toBeCloseTo(0.503, 3)
    expect(valueAt(1, 3)).toBeCloseTo(128 / 255, 3)
    expect(valueAt(3, 0)).toBeCloseTo(188 / 255, 3)
    expect(heap.images.get(heapKey(0, 'plain'))).toMatchObject({ start: 2, width: 2, height: 1 })
    expect(heap.images.get(heapKey(0, 'srgb'))!.mean[0]).toBeCloseTo(0.503 / 2, 3)
  })
})

describe('the table of materials', () => {
  it('asks for each picture once for each way it is read', () => {
    const gltf = gltfOf(
      [
        { pbrMetallicRoughness: { baseColorTexture: { index: 0 }, metallicRoughnessTexture: { index: 1 } } },
        { pbrMetallicRoughness: { baseColorTexture: { index: 1 } }, normalTexture: { index: 0 } },
      ],
      [{ source: 0 }, { source: 0 }],
    )
    expect(neededImages(gltf)).toEqual([
      { image: 0, coding: 'srgb' },
      { image: 0, coding: 'plain' },
    ])
  })

  it('names only the features that its materials need', () => {
    const features = (material: object): string[] => [...makeMaterialTable(gltfOf([material]), fillHeap([])).features]
    expect(features({})).toEqual([])
    expect(features({ alphaMode: 'MASK' })).toEqual(['HAS_ALPHA'])
    expect(features({ extensions: { KHR_materials_transmission: { transmissionFactor: 0 } } })).toEqual([])
    expect(features({ extensions: { KHR_materials_transmission: { transmissionFactor: 1 } } })).toEqual([
      'HAS_TRANSMISSION',
    ])
    expect(features({ extensions: { KHR_materials_clearcoat: { clearcoatFactor: 1 } } })).toEqual(['HAS_CLEARCOAT'])
  })

  it('writes what the shader reads, and the default of glTF behind the last', () => {
    const material = {
      pbrMetallicRoughness: { baseColorFactor: [0.1, 0.2, 0.3, 0.4], metallicFactor: 0.5, roughnessFactor: 0.6 },
      emissiveFactor: [1, 0.5, 0.25],
      alphaMode: 'MASK',
      extensions: {
        KHR_materials_emissive_strength: { emissiveStrength: 4 },
        KHR_materials_ior: { ior: 2 },
        KHR_materials_volume: { thicknessFactor: 1, attenuationDistance: 2, attenuationColor: [0.5, 1, 1] },
      },
    }
    const { floats, materialCount, texturesAt, facts } = makeMaterialTable(gltfOf([material]), fillHeap([]))
    const texel = (index: number): number[] =>
      [...floats.subarray(index * 4, index * 4 + 4)].map((value) => Math.round(value * 1e4) / 1e4 + 0)
    expect([materialCount, texturesAt]).toEqual([2, 16])
    expect(texel(0)).toEqual([0.1, 0.2, 0.3, 0.4])
    expect(texel(1).slice(0, 3)).toEqual([4, 2, 1])
    expect(texel(2)).toEqual([0.5, 0.6, 2, 0])
    expect(texel(3)[3]).toBe(0.5)
    // Half of red is gone after 2: e to the power of -2 times this.
    expect(texel(4)).toEqual([0.3466, 0, 0, 1])
    expect(texel(5)[0]).toBeCloseTo(1 / 9, 4)
    expect(facts[0]!.meanEmission).toEqual([4, 2, 1])
    expect(texel(8 + 2)).toEqual([1, 1, 1.5, 0])
  })

  it('keeps how a texture wraps, smooths and lies', () => {
    const use = {
      index: 0,
      extensions: { KHR_texture_transform: { offset: [0.5, 0], scale: [2, 3], rotation: Math.PI / 2 } },
    }
    const gltf = gltfOf([{ pbrMetallicRoughness: { baseColorTexture: use } }], [{ source: 0, sampler: 0 }])
    const { words, floats, texturesAt } = makeMaterialTable(gltf, fillHeap([{ ...picture, coding: 'srgb' }]))
    // Clamped across, mirrored along, nearest texel.
    expect([...words.subarray(texturesAt * 4, texturesAt * 4 + 4)]).toEqual([0, 2, 1, 1 | (2 << 2) | 256])
    const matrix = [...floats.subarray(texturesAt * 4 + 4, texturesAt * 4 + 10)].map(
      (value) => Math.round(value * 1e4) / 1e4 + 0,
    )
    expect(matrix).toEqual([0, 3, -2, 0, 0.5, 0])
  })
})
