import { materialSchema, type Gltf, type Material, type TextureUse } from '../protocol/scene/gltf-schema.ts'
import type { Feature } from './shaders/program.ts'
import { heapKey, type Coding, type TexelHeap } from './texel-heap.ts'

/** Texels of four numbers that a material and a texture take in the table; the shader counts on them. */
export const texelsPerMaterial = 8
export const texelsPerTexture = 3

type Rgb = readonly [number, number, number]

/** What the lights and the shader's features need to know of a material. */
export type MaterialFacts = { readonly meanEmission: Rgb }

export type MaterialTable = {
  readonly words: Uint32Array<ArrayBuffer>
  readonly floats: Float32Array<ArrayBuffer>
  readonly materialCount: number
  /** Where textures begin, in texels. */
  readonly texturesAt: number
  readonly facts: readonly MaterialFacts[]
  readonly features: ReadonlySet<Feature>
}

/** The materials of a scene and, behind them, the one of glTF for meshes that name none. */
export function materialsOf(gltf: Gltf): Material[] {
  return [...gltf.materials, materialSchema.parse({})]
}

const codings: readonly [(material: Material) => TextureUse | undefined, Coding][] = [
  [(material) => material.pbrMetallicRoughness.baseColorTexture, 'srgb'],
  [(material) => material.pbrMetallicRoughness.metallicRoughnessTexture, 'plain'],
  [(material) => material.normalTexture, 'plain'],
  [(material) => material.emissiveTexture, 'srgb'],
  [(material) => material.extensions.KHR_materials_transmission?.transmissionTexture, 'plain'],
  [(material) => material.extensions.KHR_materials_clearcoat?.clearcoatTexture, 'plain'],
  [(material) => material.extensions.KHR_materials_clearcoat?.clearcoatRoughnessTexture, 'plain'],
]

/** The pictures that materials use and how each is to be read, without doubles. */
export function neededImages(gltf: Gltf): { image: number; coding: Coding }[] {
  const needed = new Map<string, { image: number; coding: Coding }>()
  for (const material of gltf.materials) {
    for (const [useOf, coding] of codings) {
      const use = useOf(material)
      if (use === undefined) continue
      const image = gltf.textures[use.index]!.source!
      needed.set(heapKey(image, coding), { image, coding })
    }
  }
  return [...needed.values()]
}

const wrapModes: Readonly<Record<number, number>> = { 10497: 0, 33071: 1, 33648: 2 }
const nearest = 9728
/** In the texture's word of modes: two bits a direction for wrapping, then this one for texels without smoothing. */
const nearestBit = 256

type Writer = { readonly words: number[]; index: Map<string, number> }

const floatBits = new Float32Array(1)
const wordBits = new Uint32Array(floatBits.buffer)

/** The bits of a 32-bit float. */
export function bitsOf(value: number): number {
  floatBits[0] = value
  return wordBits[0]!
}

/** Writes how a texture is used (once for equal uses) and returns its number. */
function writeTexture(writer: Writer, gltf: Gltf, heap: TexelHeap, use: TextureUse, coding: Coding): number {
  const transform = use.extensions.KHR_texture_transform
  const key = JSON.stringify([use.index, coding, transform])
  const known = writer.index.get(key)
  if (known !== undefined) return known
  const texture = gltf.textures[use.index]!
  const image = heap.images.get(heapKey(texture.source!, coding))!
  const sampler = texture.sampler === undefined ? undefined : gltf.samplers[texture.sampler]
  const modes =
    (wrapModes[sampler?.wrapS ?? 10497] ?? 0) |
    ((wrapModes[sampler?.wrapT ?? 10497] ?? 0) << 2) |
    (sampler?.magFilter === nearest ? nearestBit : 0)
  // Offset, rotation counter-clockwise, scale, in that order from the left (KHR_texture_transform).
  const [cosine, sine] = [Math.cos(transform?.rotation ?? 0), Math.sin(transform?.rotation ?? 0)]
  const [scaleX, scaleY] = transform?.scale ?? [1, 1]
  const [offsetX, offsetY] = transform?.offset ?? [0, 0]
  const matrix = [cosine * scaleX, sine * scaleY, -sine * scaleX, cosine * scaleY, offsetX, offsetY, 0, 0]
  writer.words.push(image.start, image.width, image.height, modes, ...matrix.map(bitsOf))
  const id = writer.index.size
  writer.index.set(key, id)
  return id
}

const alphaModes = { OPAQUE: -1, BLEND: -2 } as const

function materialNumbers(material: Material, textures: readonly number[], meanEmission: Rgb): number[] {
  const { pbrMetallicRoughness: pbr, extensions } = material
  const strength = extensions.KHR_materials_emissive_strength?.emissiveStrength ?? 1
  const volume = extensions.KHR_materials_volume
  const thick = (volume?.thicknessFactor ?? 0) > 0
  const distance = volume?.attenuationDistance
  const density = (volume?.attenuationColor ?? [1, 1, 1]).map((share) =>
    distance === undefined ? 0 : -Math.log(Math.max(share, 1e-4)) / distance,
  )
  const specular = extensions.KHR_materials_specular
  const ior = extensions.KHR_materials_ior?.ior ?? 1.5
  const headOn = ((ior - 1) / (ior + 1)) ** 2
  const coat = extensions.KHR_materials_clearcoat
  const [base, metalRough, normal, emissive, transmission, coatMap, coatRough] = textures as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return [
    ...pbr.baseColorFactor,
    ...material.emissiveFactor.map((value) => value * strength),
    // The density of light sampling, per area; `light-table.ts` divides it by the power of all lights.
    brightness(meanEmission),
    ...[pbr.metallicFactor, pbr.roughnessFactor, ior, extensions.KHR_materials_transmission?.transmissionFactor ?? 0],
    ...[coat?.clearcoatFactor ?? 0, coat?.clearcoatRoughnessFactor ?? 0, material.normalTexture?.scale ?? 1],
    material.alphaMode === 'MASK' ? material.alphaCutoff : alphaModes[material.alphaMode],
    ...density,
    thick ? 1 : 0,
    ...(specular?.specularColorFactor ?? [1, 1, 1]).map(
      (tint) => Math.min(1, headOn * tint) * (specular?.specularFactor ?? 1),
    ),
    specular?.specularFactor ?? 1,
    ...[base, metalRough, normal, emissive],
    ...[transmission, coatMap, coatRough, -1],
  ]
}

/** How bright a linear colour looks (ITU-R BT.709). */
export function brightness([red, green, blue]: Rgb): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function meanEmissionOf(material: Material, gltf: Gltf, heap: TexelHeap): Rgb {
  const strength = material.extensions.KHR_materials_emissive_strength?.emissiveStrength ?? 1
  const use = material.emissiveTexture
  const mean = use === undefined ? [1, 1, 1] : heap.images.get(heapKey(gltf.textures[use.index]!.source!, 'srgb'))!.mean
  const [red, green, blue] = material.emissiveFactor.map((value, index) => value * strength * mean[index]!)
  return [red!, green!, blue!]
}

function featuresOf(materials: readonly Material[], textures: number): Set<Feature> {
  const features = new Set<Feature>()
  if (textures > 0) features.add('HAS_TEXTURES')
  for (const material of materials) {
    if (material.normalTexture !== undefined) features.add('HAS_NORMAL_MAPS')
    if (codings.slice(4).some(([useOf]) => useOf(material) !== undefined)) features.add('HAS_MORE_TEXTURES')
    if ((material.extensions.KHR_materials_transmission?.transmissionFactor ?? 0) > 0) features.add('HAS_TRANSMISSION')
    if ((material.extensions.KHR_materials_clearcoat?.clearcoatFactor ?? 0) > 0) features.add('HAS_CLEARCOAT')
    if (material.alphaMode !== 'OPAQUE') features.add('HAS_ALPHA')
  }
  return features
}

/** Writes materials and textures as the shader reads them. */
export function makeMaterialTable(gltf: Gltf, heap: TexelHeap): MaterialTable {
  const materials = materialsOf(gltf)
  const writer: Writer = { words: [], index: new Map() }
  const facts: MaterialFacts[] = []
  const numbers = materials.flatMap((material) => {
    const textures = codings.map(([useOf, coding]) => {
      const use = useOf(material)
      return use === undefined ? -1 : writeTexture(writer, gltf, heap, use, coding)
    })
    const meanEmission = meanEmissionOf(material, gltf, heap)
    facts.push({ meanEmission })
    return materialNumbers(material, textures, meanEmission)
  })
  const words = new Uint32Array(numbers.length + writer.words.length)
  const floats = new Float32Array(words.buffer)
  floats.set(numbers)
  words.set(writer.words, numbers.length)
  const features = featuresOf(materials, writer.index.size)
  return { words, floats, materialCount: materials.length, texturesAt: numbers.length / 4, facts, features }
}
