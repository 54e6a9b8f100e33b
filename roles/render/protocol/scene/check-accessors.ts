import { checkIndex } from './check-graph.ts'
import type { Accessor, Gltf } from './gltf-schema.ts'
import { refuse } from './refusal.ts'

/** Bytes of each component type of glTF 2.0 (section 3.6.2.2). */
const componentBytes = { 5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4 } as const
export const componentCounts = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 } as const

/**
 * Many accessors may look at the same bytes, so their sum is not bounded by the size of the file. Real scenes share little:
 * more than this many times the file is a bomb.
 */
const maxSharing = 4
/** Accessors without data stand for zeros and need no bytes in the file at all. */
const maxZeroBytes = 64 * 1024 * 1024

/** Bytes of one element of an accessor, with the padding of matrix columns (glTF 2.0, section 3.6.2.4). */
export function elementBytes({ componentType, type }: Pick<Accessor, 'componentType' | 'type'>): number {
  const size = componentBytes[componentType]
  if (type === 'MAT2' && size === 1) return 8
  if (type === 'MAT3' && size < 4) return size === 1 ? 12 : 24
  return size * componentCounts[type]
}

/** Where the elements of an accessor lie in the data of the file. */
export type ElementRange = { readonly start: number; readonly stride: number; readonly count: number }

/** The bytes of an accessor's own view; null where it has none. Refuses what does not fit into its view. */
export function locateElements(gltf: Gltf, accessor: Accessor): ElementRange | null {
  if (accessor.bufferView === undefined) return null
  checkIndex(accessor.bufferView, gltf.bufferViews, 'buffer view')
  const view = gltf.bufferViews[accessor.bufferView]!
  const size = elementBytes(accessor)
  const stride = view.byteStride ?? size
  const end = accessor.byteOffset + stride * (accessor.count - 1) + size
  if (end > view.byteLength || stride < size)
    refuse('SCENE_TRUNCATED', `An accessor reads ${end} bytes from a view that has ${view.byteLength}.`)
  const start = view.byteOffset + accessor.byteOffset
  if (start % componentBytes[accessor.componentType] !== 0 || stride % componentBytes[accessor.componentType] !== 0)
    refuse('SCENE_MALFORMED', 'An accessor of the scene does not lie on the borders of its numbers.')
  return { start, stride, count: accessor.count }
}

function checkViews(gltf: Gltf, binaryBytes: number): void {
  if (gltf.buffers.some((buffer) => buffer.uri !== undefined))
    refuse(
      'SCENE_EXTERNAL',
      'The scene keeps data outside of its file.',
      'Export it as one GLB file with all data in it.',
    )
  if (gltf.buffers.length > 1) refuse('SCENE_EXTERNAL', 'The scene has more than the one buffer of a GLB file.')
  const bufferBytes = gltf.buffers[0]?.byteLength ?? 0
  if (bufferBytes > binaryBytes)
    refuse('SCENE_TRUNCATED', `The scene needs ${bufferBytes} bytes of data, but the file holds ${binaryBytes}.`)
  for (const view of gltf.bufferViews) {
    checkIndex(view.buffer, gltf.buffers, 'buffer')
    if (view.byteOffset + view.byteLength > bufferBytes)
      refuse('SCENE_TRUNCATED', 'A buffer view of the scene reaches behind the end of the data.')
  }
}

function checkSparse(gltf: Gltf, accessor: Accessor, data: DataView): void {
  const { sparse } = accessor
  if (sparse === undefined) return
  if (sparse.count > accessor.count) refuse('SCENE_MALFORMED', 'An accessor replaces more values than it has.')
  const indices = { ...accessor, ...sparse.indices, type: 'SCALAR', count: sparse.count } as const
  const range = locateElements(gltf, indices)!
  locateElements(gltf, { ...accessor, ...sparse.values, count: sparse.count })
  for (let at = 0; at < range.count; at++) {
    if (readIndex(data, indices.componentType, range.start + at * range.stride) >= accessor.count)
      refuse('SCENE_MALFORMED', 'An accessor replaces a value that it does not have.')
  }
}

/** An unsigned integer of 1, 2 or 4 bytes. */
export function readIndex(data: DataView, componentType: number, at: number): number {
  if (componentType === 5121) return data.getUint8(at)
  return componentType === 5123 ? data.getUint16(at, true) : data.getUint32(at, true)
}

function checkFinite(accessor: Accessor, range: ElementRange, data: DataView): void {
  if (accessor.componentType !== 5126) return
  const components = componentCounts[accessor.type]
  for (let element = 0; element < range.count; element++) {
    for (let component = 0; component < components; component++) {
      // Exponent bits all set: infinite or not a number.
      const bits = data.getUint32(range.start + element * range.stride + component * 4, true)
      if ((bits & 0x7f80_0000) === 0x7f80_0000)
        refuse('SCENE_NOT_FINITE', 'The scene holds a number that is infinite or none at all.')
    }
  }
}

/**
 * Checks buffers, views and accessors: everything inside the file's own data, all floats finite, and no more to read than a
 * small multiple of the file.
 */
export function checkAccessors(gltf: Gltf, binary: Uint8Array): void {
  checkViews(gltf, binary.length)
  const data = new DataView(binary.buffer, binary.byteOffset, binary.length)
  const ranges = gltf.accessors.map((accessor) => locateElements(gltf, accessor))
  let [read, zeros] = [0, 0]
  gltf.accessors.forEach((accessor, index) => {
    const bytes = accessor.count * elementBytes(accessor)
    if (ranges[index] === null) zeros += bytes
    else read += bytes
  })
  if (read > maxSharing * binary.length + 1024 || zeros > maxZeroBytes)
    refuse('SCENE_TOO_LARGE', 'The scene reads the same data over and over, or far more zeros than a scene needs.')
  gltf.accessors.forEach((accessor, index) => {
    const range = ranges[index] ?? null
    if (range !== null) checkFinite(accessor, range, data)
    checkSparse(gltf, accessor, data)
    const values =
      accessor.sparse && locateElements(gltf, { ...accessor, ...accessor.sparse.values, count: accessor.sparse.count })
    if (values) checkFinite(accessor, values, data)
  })
}
