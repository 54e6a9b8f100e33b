import { box, meshOf, rectangle, ball, type Shape } from '../../fixtures/render/shapes.ts'
import { GlbWriter } from '../../fixtures/render/write-glb.ts'

/** A scene of shapes with one material each, and one camera. */
export type SceneParts = {
  readonly surfaces: readonly { readonly shape: Shape; readonly material: number; readonly at?: readonly number[] }[]
  readonly materials: readonly object[]
  readonly camera: object
  readonly cameraNode: object
  readonly environment?: number
  readonly lights?: readonly { readonly light: object; readonly node: object }[]
}

/** Every extension that these scenes use; naming one too many does no harm. */
const extensions = ['emissive_strength', 'ior', 'specular', 'transmission', 'volume'].map(
  (name) => `KHR_materials_${name}`,
)

export function writeScene(parts: SceneParts): Uint8Array<ArrayBuffer> {
  const writer = new GlbWriter()
  const meshes = parts.surfaces.map(({ shape, material }) => meshOf(writer, shape, material))
  const lights = parts.lights ?? []
  const nodes = [
    ...parts.surfaces.map(({ at }, mesh) => ({ mesh, translation: at ?? [0, 0, 0] })),
    ...lights.map(({ node }, light) => ({ ...node, extensions: { KHR_lights_punctual: { light } } })),
    { camera: 0, ...parts.cameraNode },
  ]
  const grey = Array.from({ length: 3 }, () => parts.environment ?? 0)
  return writer.write({
    extensionsUsed: [...extensions, 'KHR_lights_punctual'],
    scenes: [
      {
        nodes: nodes.map((_node, index) => index),
        extras: { hearthEnvironment: { zenith: grey, horizon: grey, nadir: grey } },
      },
    ],
    nodes,
    meshes,
    materials: parts.materials,
    cameras: [parts.camera],
    ...(lights.length > 0 && { extensions: { KHR_lights_punctual: { lights: lights.map(({ light }) => light) } } }),
  })
}

/** Reflects light evenly in all directions and nothing else (the specular layer is switched off). */
export function lambert(red: number, green = red, blue = red, emission = 0): object {
  return {
    pbrMetallicRoughness: { baseColorFactor: [red, green, blue, 1], metallicFactor: 0, roughnessFactor: 1 },
    emissiveFactor: [1, 1, 1],
    extensions: {
      KHR_materials_specular: { specularFactor: 0 },
      KHR_materials_emissive_strength: { emissiveStrength: emission },
    },
  }
}

const parallel = (halfSide: number) => ({
  type: 'orthographic',
  orthographic: { xmag: halfSide, ymag: halfSide, znear: 0.01, zfar: 10 },
})
const perspective = (yfov: number) => ({ type: 'perspective', perspective: { yfov, znear: 0.01 } })
/** From above, straight down. */
const lookDown = [-Math.SQRT1_2, 0, 0, Math.SQRT1_2]

/** A sheet seen head on in even light from everywhere. */
export function furnaceSheet(material: object): Uint8Array<ArrayBuffer> {
  return writeScene({
    surfaces: [{ shape: rectangle([0, 0, 0], [1, 0, 0], [0, 1, 0]), material: 0 }],
    materials: [material],
    camera: parallel(0.4),
    cameraNode: { translation: [0, 0, 1] },
    environment: 1,
  })
}

/** A ball of clear glass in even light from everywhere: it must be invisible. */
export function furnaceGlass(): Uint8Array<ArrayBuffer> {
  const material = {
    pbrMetallicRoughness: { metallicFactor: 0, roughnessFactor: 0 },
    extensions: {
      KHR_materials_transmission: { transmissionFactor: 1 },
      KHR_materials_volume: { thicknessFactor: 1 },
    },
  }
  return writeScene({
    surfaces: [{ shape: ball(1, 32), material: 0 }],
    materials: [material],
    camera: perspective(0.6),
    cameraNode: { translation: [0, 0, 4] },
    environment: 1,
  })
}

/** A closed box whose walls glow with 1 and reflect half: seen from inside. */
export function glowingBox(): Uint8Array<ArrayBuffer> {
  return writeScene({
    surfaces: [{ shape: box(2, 2, 2), material: 0 }],
    materials: [lambert(0.5, 0.5, 0.5, 1)],
    camera: perspective(1.2),
    cameraNode: {},
  })
}

/** A square lamp of side 1 and radiance 5, a height of 1 above a floor that reflects half; seen right below its middle. */
export function lampOverFloor(): Uint8Array<ArrayBuffer> {
  return writeScene({
    surfaces: [
      { shape: rectangle([0, 0, 0], [2, 0, 0], [0, 0, -2]), material: 0 },
      { shape: rectangle([0, 1, 0], [0.5, 0, 0], [0, 0, 0.5]), material: 1 },
    ],
    materials: [lambert(0.5), lambert(0, 0, 0, 5)],
    camera: parallel(0.002),
    cameraNode: { translation: [0, 0.5, 0], rotation: lookDown },
  })
}

/** A point of 3 candela, 1 up and 1 aside of what is seen of a floor that reflects half. */
export function pointOverFloor(): Uint8Array<ArrayBuffer> {
  return writeScene({
    surfaces: [{ shape: rectangle([0, 0, 0], [2, 0, 0], [0, 0, -2]), material: 0 }],
    materials: [lambert(0.5)],
    camera: parallel(0.002),
    cameraNode: { translation: [0, 0.5, 0], rotation: lookDown },
    lights: [{ light: { type: 'point', intensity: 3 }, node: { translation: [1, 1, 0] } }],
  })
}

/** The walls and boxes of a room after the Cornell box, all matt. */
export const cornellSurfaces: readonly {
  shape: Shape
  reflectance: readonly [number, number, number]
  emission: number
}[] = [
  { shape: rectangle([0, 0, -1], [1, 0, 0], [0, 1, 0]), reflectance: [0.73, 0.73, 0.73], emission: 0 },
  { shape: rectangle([0, -1, 0], [1, 0, 0], [0, 0, -1]), reflectance: [0.73, 0.73, 0.73], emission: 0 },
  { shape: rectangle([0, 1, 0], [1, 0, 0], [0, 0, 1]), reflectance: [0.73, 0.73, 0.73], emission: 0 },
  { shape: rectangle([-1, 0, 0], [0, 0, -1], [0, 1, 0]), reflectance: [0.65, 0.05, 0.05], emission: 0 },
  { shape: rectangle([1, 0, 0], [0, 0, 1], [0, 1, 0]), reflectance: [0.12, 0.45, 0.15], emission: 0 },
  { shape: rectangle([0, 0.98, 0], [0.5, 0, 0], [0, 0, 0.5]), reflectance: [0, 0, 0], emission: 4 },
  { shape: box(0.5, 1.2, 0.5), reflectance: [0.73, 0.73, 0.73], emission: 0 },
]
/** Where the last of them stands. */
export const cornellBoxAt = [0.35, -0.4, -0.35] as const
export const cornellCamera = { z: 3.75, yfov: 0.66 } as const

export function cornellRoom(): Uint8Array<ArrayBuffer> {
  return writeScene({
    surfaces: cornellSurfaces.map(({ shape }, material) => ({
      shape,
      material,
      ...(material === cornellSurfaces.length - 1 && { at: cornellBoxAt }),
    })),
    materials: cornellSurfaces.map(({ reflectance, emission }) => lambert(...reflectance, emission)),
    camera: perspective(cornellCamera.yfov),
    cameraNode: { translation: [0, 0, cornellCamera.z] },
  })
}
