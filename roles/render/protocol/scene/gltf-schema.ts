import { z } from 'zod'

/**
 * The part of a glTF 2.0 description that the engine uses, so that everything behind it may rely on its shape. What is not
 * named here is dropped. Numbers are finite by zod's own rule; indices are checked against their lists in `check-*.ts`.
 */

const index = z.number().int().nonnegative()
const offset = z.number().int().nonnegative()
const amount = z.number().int().min(1)
const numbers = (length: number) => z.array(z.number()).length(length)
const unit = z.number().min(0).max(1)
/** No real light or distance is larger; it keeps products of a few of them inside a 32-bit float. */
const magnitude = z.number().min(-1e6).max(1e6)
const positive = z.number().min(0).max(1e9)
const color = z.tuple([positive, positive, positive])

const textureTransformSchema = z.object({
  offset: z.tuple([magnitude, magnitude]).default([0, 0]),
  rotation: magnitude.default(0),
  scale: z.tuple([magnitude, magnitude]).default([1, 1]),
  texCoord: index.optional(),
})

export const textureUseSchema = z.object({
  index,
  texCoord: index.default(0),
  scale: magnitude.default(1),
  extensions: z.object({ KHR_texture_transform: textureTransformSchema.optional() }).default({}),
})

/** A texture as a material names it: which one, and how it lies on the surface. */
export type TextureUse = z.infer<typeof textureUseSchema>

const texture = textureUseSchema.optional()

const materialExtensionsSchema = z.object({
  KHR_materials_emissive_strength: z.object({ emissiveStrength: positive.default(1) }).optional(),
  KHR_materials_ior: z.object({ ior: z.number().min(1).max(10).default(1.5) }).optional(),
  KHR_materials_transmission: z
    .object({ transmissionFactor: unit.default(0), transmissionTexture: texture })
    .optional(),
  KHR_materials_volume: z
    .object({
      thicknessFactor: positive.default(0),
      attenuationDistance: z.number().positive().optional(),
      attenuationColor: z.tuple([unit, unit, unit]).default([1, 1, 1]),
    })
    .optional(),
  KHR_materials_clearcoat: z
    .object({
      clearcoatFactor: unit.default(0),
      clearcoatTexture: texture,
      clearcoatRoughnessFactor: unit.default(0),
      clearcoatRoughnessTexture: texture,
      clearcoatNormalTexture: texture,
    })
    .optional(),
  KHR_materials_specular: z
    .object({
      specularFactor: unit.default(1),
      specularTexture: texture,
      specularColorFactor: color.default([1, 1, 1]),
      specularColorTexture: texture,
    })
    .optional(),
})

export const materialSchema = z.object({
  pbrMetallicRoughness: z
    .object({
      baseColorFactor: z.tuple([unit, unit, unit, unit]).default([1, 1, 1, 1]),
      baseColorTexture: texture,
      metallicFactor: unit.default(1),
      roughnessFactor: unit.default(1),
      metallicRoughnessTexture: texture,
    })
    .default({ baseColorFactor: [1, 1, 1, 1], metallicFactor: 1, roughnessFactor: 1 }),
  normalTexture: texture,
  emissiveTexture: texture,
  emissiveFactor: color.default([0, 0, 0]),
  alphaMode: z.enum(['OPAQUE', 'MASK', 'BLEND']).default('OPAQUE'),
  alphaCutoff: positive.default(0.5),
  extensions: materialExtensionsSchema.default({}),
})

export type Material = z.infer<typeof materialSchema>

export const accessorSchema = z.object({
  bufferView: index.optional(),
  byteOffset: offset.default(0),
  componentType: z.literal([5120, 5121, 5122, 5123, 5125, 5126]),
  normalized: z.boolean().default(false),
  count: amount,
  type: z.enum(['SCALAR', 'VEC2', 'VEC3', 'VEC4', 'MAT2', 'MAT3', 'MAT4']),
  sparse: z
    .object({
      count: amount,
      indices: z.object({
        bufferView: index,
        byteOffset: offset.default(0),
        componentType: z.literal([5121, 5123, 5125]),
      }),
      values: z.object({ bufferView: index, byteOffset: offset.default(0) }),
    })
    .optional(),
})

export type Accessor = z.infer<typeof accessorSchema>

const attributesSchema = z.record(z.string(), index)

export const primitiveSchema = z.object({
  attributes: attributesSchema,
  indices: index.optional(),
  material: index.optional(),
  mode: z.number().int().min(0).max(6).default(4),
  targets: z.array(attributesSchema).max(256).default([]),
})

export type Primitive = z.infer<typeof primitiveSchema>

export const nodeSchema = z.object({
  children: z.array(index).default([]),
  mesh: index.optional(),
  skin: index.optional(),
  camera: index.optional(),
  matrix: numbers(16).optional(),
  translation: numbers(3).optional(),
  rotation: numbers(4).optional(),
  scale: numbers(3).optional(),
  weights: z.array(z.number()).optional(),
  extensions: z.object({ KHR_lights_punctual: z.object({ light: index }).optional() }).default({}),
})

export const lightSchema = z.object({
  type: z.enum(['directional', 'point', 'spot']),
  color: color.default([1, 1, 1]),
  intensity: positive.default(1),
  range: z.number().positive().optional(),
  spot: z
    .object({
      innerConeAngle: z
        .number()
        .min(0)
        .max(Math.PI / 2)
        .default(0),
      outerConeAngle: z
        .number()
        .min(0)
        .max(Math.PI / 2)
        .default(Math.PI / 4),
    })
    .default({ innerConeAngle: 0, outerConeAngle: Math.PI / 4 }),
})

export type Light = z.infer<typeof lightSchema>

export const cameraSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('perspective'),
    perspective: z.object({ yfov: z.number().positive().max(3.1), aspectRatio: z.number().positive().optional() }),
  }),
  z.object({
    type: z.literal('orthographic'),
    orthographic: z.object({ xmag: z.number().positive().max(1e6), ymag: z.number().positive().max(1e6) }),
  }),
])

export type Camera = z.infer<typeof cameraSchema>

const animationSchema = z.object({
  channels: z.array(
    z.object({
      sampler: index,
      target: z.object({ node: index.optional(), path: z.string() }),
    }),
  ),
  samplers: z.array(
    z.object({
      input: index,
      output: index,
      interpolation: z.enum(['LINEAR', 'STEP', 'CUBICSPLINE']).default('LINEAR'),
    }),
  ),
})

/** The light that comes from where the scene ends; Hearth's own addition, under `extras` of the scene. */
export const environmentSchema = z.object({
  /** Linear radiance straight up, at the horizon and straight down; between them it changes evenly with height. */
  zenith: color,
  horizon: color,
  nadir: color,
})

export type Environment = z.infer<typeof environmentSchema>

const sceneSchema = z.object({
  nodes: z.array(index).default([]),
  extras: z.object({ hearthEnvironment: environmentSchema.optional() }).catch({}).default({}),
})

const list = <T extends z.ZodType>(item: T) => z.array(item).default([])

export const gltfSchema = z.object({
  asset: z.object({ version: z.string().regex(/^2\.\d+$/) }),
  extensionsUsed: list(z.string()),
  extensionsRequired: list(z.string()),
  scene: index.default(0),
  scenes: list(sceneSchema),
  nodes: list(nodeSchema),
  meshes: list(z.object({ primitives: z.array(primitiveSchema).min(1), weights: z.array(z.number()).optional() })),
  skins: list(z.object({ inverseBindMatrices: index.optional(), joints: z.array(index).min(1) })),
  accessors: list(accessorSchema),
  bufferViews: list(
    z.object({
      buffer: index,
      byteOffset: offset.default(0),
      byteLength: amount,
      byteStride: z.number().int().min(4).max(252).optional(),
    }),
  ),
  buffers: list(z.object({ uri: z.string().optional(), byteLength: amount })),
  materials: list(materialSchema),
  textures: list(z.object({ source: index.optional(), sampler: index.optional() })),
  samplers: list(
    z.object({ wrapS: z.number().default(10497), wrapT: z.number().default(10497), magFilter: z.number().optional() }),
  ),
  images: list(z.object({ uri: z.string().optional(), bufferView: index.optional(), mimeType: z.string().optional() })),
  cameras: list(cameraSchema),
  animations: list(animationSchema),
  extensions: z.object({ KHR_lights_punctual: z.object({ lights: z.array(lightSchema) }).optional() }).default({}),
})

/** A glTF description whose shape has been checked. */
export type Gltf = z.infer<typeof gltfSchema>
