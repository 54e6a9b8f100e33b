import { checkIndex } from './check-graph.ts'
import type { Gltf, Material, TextureUse } from './gltf-schema.ts'
import { readImageSize, type ImageSize } from './image-size.ts'
import { refuse } from './refusal.ts'

/** A picture inside the scene file: its bytes and what its header says. */
export type SceneImage = ImageSize & { readonly bytes: Uint8Array }

/** Longest side of a texture. */
const maxSide = 16_384

function readImage(gltf: Gltf, index: number, binary: Uint8Array): SceneImage {
  const image = gltf.images[index]!
  if (image.uri !== undefined)
    refuse(
      'SCENE_EXTERNAL',
      'The scene has a texture outside of its file.',
      'Export it as one GLB file with all textures in it.',
    )
  checkIndex(image.bufferView, gltf.bufferViews, 'buffer view')
  const view = image.bufferView === undefined ? undefined : gltf.bufferViews[image.bufferView]
  if (view === undefined) return refuse('SCENE_MALFORMED', `Texture image ${index} has no data.`)
  const bytes = binary.subarray(view.byteOffset, view.byteOffset + view.byteLength)
  const size = readImageSize(bytes)
  if (size.width > maxSide || size.height > maxSide)
    refuse('SCENE_TOO_LARGE', `A texture has ${size.width} x ${size.height} pixels; ${maxSide} a side is the most.`)
  return { ...size, bytes }
}

/** All textures that a material uses, by what for. Those the engine does not read are left out. */
export function texturesOf(material: Material): TextureUse[] {
  const { pbrMetallicRoughness: pbr, extensions } = material
  const coat = extensions.KHR_materials_clearcoat
  const all = [
    pbr.baseColorTexture,
    pbr.metallicRoughnessTexture,
    material.normalTexture,
    material.emissiveTexture,
    extensions.KHR_materials_transmission?.transmissionTexture,
    coat?.clearcoatTexture,
    coat?.clearcoatRoughnessTexture,
  ]
  return all.filter((use) => use !== undefined)
}

function checkUses(gltf: Gltf): void {
  for (const material of gltf.materials) {
    for (const use of texturesOf(material)) {
      checkIndex(use.index, gltf.textures, 'texture')
      if ((use.extensions.KHR_texture_transform?.texCoord ?? use.texCoord) !== 0)
        refuse(
          'SCENE_UNSUPPORTED',
          'A material places a texture by a second set of coordinates, which the engine does not have.',
          'Export the scene with one set of texture coordinates.',
        )
    }
    const specular = material.extensions.KHR_materials_specular
    if (specular?.specularTexture ?? specular?.specularColorTexture)
      refuse('SCENE_UNSUPPORTED', 'A material has a texture for its specular strength, which the engine does not have.')
  }
}

/**
 * Checks textures and the images behind them and reads the images' sizes. Only sizes: decoding is for later, when it is known
 * that they are not too large. Returns one entry an image.
 */
export function checkTextures(gltf: Gltf, binary: Uint8Array): SceneImage[] {
  for (const texture of gltf.textures) {
    if (texture.source === undefined) refuse('SCENE_UNSUPPORTED', 'A texture of the scene has no PNG or JPEG picture.')
    checkIndex(texture.source, gltf.images, 'image')
    checkIndex(texture.sampler, gltf.samplers, 'sampler')
  }
  checkUses(gltf)
  return gltf.images.map((_image, index) => readImage(gltf, index, binary))
}
