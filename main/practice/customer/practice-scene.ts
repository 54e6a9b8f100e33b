/** A scene of the practice customer: some blocks on a floor under a lamp. Made here, so that no file travels with the app. */

type Block = {
  readonly at: readonly [number, number, number]
  readonly size: readonly [number, number, number]
  readonly material: number
}

/** Corner signs of a cube's six faces, each with its normal. */
const axes = [0, 1, 2].flatMap((axis) => [
  { axis, sign: 1 },
  { axis, sign: -1 },
])

/** A cube of side one around the origin: positions, normals and triangles. */
function cube(): { positions: Float32Array; normals: Float32Array; indices: Uint16Array } {
  const positions: number[] = []
  const normals: number[] = []
  const indices: number[] = []
  for (const { axis, sign } of axes) {
    const [u, v] = [(axis + 1) % 3, (axis + 2) % 3]
    const first = positions.length / 3
    for (const [a, b] of [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ] as const) {
      const corner = [0, 0, 0]
      corner[axis] = sign / 2
      corner[u] = a / 2
      corner[v] = b / 2
      positions.push(...corner)
      normals.push(...[0, 0, 0].map((_, at) => (at === axis ? sign : 0)))
    }
    const turn = sign > 0 ? [0, 1, 2, 0, 2, 3] : [0, 2, 1, 0, 3, 2]
    indices.push(...turn.map((at) => first + at))
  }
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from(normals),
    indices: Uint16Array.from(indices),
  }
}

const paint = (red: number, green: number, blue: number, roughness: number, metallic = 0) => ({
  pbrMetallicRoughness: {
    baseColorFactor: [red, green, blue, 1],
    roughnessFactor: roughness,
    metallicFactor: metallic,
  },
})

const materials = (hue: number) => [
  paint(0.55, 0.5, 0.46, 0.9),
  paint(0.85, 0.3 + hue * 0.3, 0.12, 0.55),
  paint(0.9, 0.85, 0.7, 0.12, 1),
  paint(0.12, 0.32, 0.3 + hue * 0.4, 0.4),
  {
    ...paint(1, 1, 1, 1),
    emissiveFactor: [1, 0.86, 0.7],
    extensions: { KHR_materials_emissive_strength: { emissiveStrength: 14 } },
  },
]

/** The blocks stand a little differently each time, so that no two jobs are the same. `random` is in [0, 1). */
function blocks(random: () => number): Block[] {
  const shift = () => (random() - 0.5) * 0.5
  return [
    { at: [0, -0.55, 0], size: [9, 0.1, 9], material: 0 },
    { at: [-0.8 + shift(), 0, shift()], size: [1, 1, 1], material: 1 },
    { at: [0.75 + shift(), 0.25, -0.5], size: [0.8, 1.5, 0.8], material: 2 },
    { at: [0.3 + shift(), -0.2, 0.95], size: [0.6, 0.6, 0.6], material: 3 },
    { at: [0, 3.2, 0.6], size: [1.8, 0.05, 1.8], material: 4 },
  ]
}

/** A GLB of about two kilobytes (glTF 2.0, section 4.4); another one for other random numbers. */
export function makePracticeScene(random: () => number = Math.random): Uint8Array<ArrayBuffer> {
  const { positions, normals, indices } = cube()
  const parts = [positions, normals, indices].map((part) => new Uint8Array(part.buffer))
  const offsets = parts.map((_, at) => parts.slice(0, at).reduce((sum, part) => sum + part.length, 0))
  const colours = materials(random())
  const placed = blocks(random)
  const description = {
    asset: { version: '2.0' },
    extensionsUsed: ['KHR_materials_emissive_strength'],
    scene: 0,
    scenes: [{ nodes: [...placed.keys(), placed.length] }],
    nodes: [
      ...placed.map(({ at, size, material }) => ({ mesh: material, translation: at, scale: size })),
      { camera: 0, translation: [0, 1.5, 5], rotation: [-0.13, 0, 0, 0.9915] },
    ],
    cameras: [{ type: 'perspective', perspective: { yfov: 0.75, znear: 0.05 } }],
    materials: colours,
    meshes: colours.map((_, material) => ({
      primitives: [{ attributes: { POSITION: 0, NORMAL: 1 }, indices: 2, material }],
    })),
    accessors: [
      { bufferView: 0, componentType: 5126, count: 24, type: 'VEC3', min: [-0.5, -0.5, -0.5], max: [0.5, 0.5, 0.5] },
      { bufferView: 1, componentType: 5126, count: 24, type: 'VEC3' },
      { bufferView: 2, componentType: 5123, count: 36, type: 'SCALAR' },
    ],
    bufferViews: parts.map((part, at) => ({ buffer: 0, byteOffset: offsets[at], byteLength: part.length })),
    buffers: [{ byteLength: parts.reduce((sum, part) => sum + part.length, 0) }],
  }
  return writeGlb(new TextEncoder().encode(JSON.stringify(description)), parts)
}

function writeGlb(text: Uint8Array, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const align = (bytes: number) => Math.ceil(bytes / 4) * 4
  const [textBytes, binaryBytes] = [align(text.length), align(parts.reduce((sum, part) => sum + part.length, 0))]
  const file = new Uint8Array(12 + 8 + textBytes + 8 + binaryBytes)
  const view = new DataView(file.buffer)
  const words = [0x46546c67, 2, file.length, textBytes, 0x4e4f534a]
  words.forEach((word, at) => view.setUint32(at * 4, word, true))
  file.fill(0x20, 20, 20 + textBytes).set(text, 20)
  const binary = 20 + textBytes
  view.setUint32(binary, binaryBytes, true)
  view.setUint32(binary + 4, 0x004e4942, true)
  let at = binary + 8
  for (const part of parts) {
    file.set(part, at)
    at += part.length
  }
  return file
}
