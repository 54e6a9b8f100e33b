import type { Gltf } from './gltf-schema.ts'
import { refuse } from './refusal.ts'

/** What the engine renders beyond the core of glTF 2.0. */
export const supportedExtensions: ReadonlySet<string> = new Set([
  'KHR_lights_punctual',
  'KHR_materials_clearcoat',
  'KHR_materials_emissive_strength',
  'KHR_materials_ior',
  'KHR_materials_specular',
  'KHR_materials_transmission',
  'KHR_materials_volume',
  'KHR_mesh_quantization',
  'KHR_texture_transform',
])

/** Without these the scene would have other shapes, so they are refused even where the file calls them optional. */
const shapeExtensions = new Set([
  'EXT_mesh_gpu_instancing',
  'EXT_meshopt_compression',
  'KHR_draco_mesh_compression',
  'KHR_meshopt_compression',
])

/**
 * Refuses what the scene cannot do without and the engine lacks. Returns the optional extensions that will be left out, so
 * that whoever ordered the picture can be told.
 */
export function checkExtensions(gltf: Gltf): string[] {
  const lacking = gltf.extensionsRequired.filter((name) => !supportedExtensions.has(name))
  lacking.push(...gltf.extensionsUsed.filter((name) => shapeExtensions.has(name) && !lacking.includes(name)))
  if (lacking.length > 0)
    refuse(
      'SCENE_UNSUPPORTED',
      `The scene needs ${lacking.slice(0, 5).map(plainName).join(', ')}, which the engine does not have.`,
      'Export it again without this, or with compression switched off.',
    )
  return [...new Set(gltf.extensionsUsed)].filter((name) => !supportedExtensions.has(name)).map(plainName)
}

/** A name from a stranger's file, made safe to show. */
function plainName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '?').slice(0, 64)
}
