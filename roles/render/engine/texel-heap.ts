import { DataUtils } from 'three'

/** Whether the bytes of a picture are sRGB codes of colours, or plain numbers. */
export type Coding = 'srgb' | 'plain'

/** Where a picture lies in the heap, and its mean colour (linear). */
export type HeapImage = {
  readonly start: number
  readonly width: number
  readonly height: number
  readonly mean: readonly [number, number, number]
}

/**
 * All textures of a scene one after the other, four half floats a texel, colours already linear: the shader reads any of them
 * by one number from one texture, and no card's own sRGB decoder has a say in the result.
 */
export type TexelHeap = { readonly texels: Uint16Array<ArrayBuffer>; readonly images: ReadonlyMap<string, HeapImage> }

/** The transfer function of IEC 61966-2-1 backwards. */
function linearOf(code: number): number {
  const value = code / 255
  return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

/** The nearest half float; three's own conversion cuts off, which would darken every texture a little. */
function roundToHalf(value: number): number {
  const below = DataUtils.toHalfFloat(value)
  const errorOf = (half: number): number => Math.abs(DataUtils.fromHalfFloat(half) - value)
  return errorOf(below + 1) < errorOf(below) ? below + 1 : below
}

const plainOf = (code: number): number => code / 255
const linearValues = Float64Array.from({ length: 256 }, (_unused, code) => linearOf(code))
const linearHalves = Uint16Array.from(linearValues, (value) => roundToHalf(value))
const plainHalves = Uint16Array.from({ length: 256 }, (_unused, code) => roundToHalf(plainOf(code)))

/** Name of a picture in the heap: the same file may be used as colours and as numbers. */
export function heapKey(image: number, coding: Coding): string {
  return `${image}:${coding}`
}

export type HeapEntry = {
  readonly image: number
  readonly coding: Coding
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

function copyTexels(entry: HeapEntry, texels: Uint16Array, start: number): [number, number, number] {
  const halves = entry.coding === 'srgb' ? linearHalves : plainHalves
  const sums: [number, number, number] = [0, 0, 0]
  const count = entry.width * entry.height
  for (let texel = 0; texel < count; texel++) {
    for (let channel = 0; channel < 3; channel++) {
      const code = entry.pixels[texel * 4 + channel]!
      texels[(start + texel) * 4 + channel] = halves[code]!
      sums[channel]! += entry.coding === 'srgb' ? linearValues[code]! : code / 255
    }
    texels[(start + texel) * 4 + 3] = plainHalves[entry.pixels[texel * 4 + 3]!]!
  }
  return [sums[0] / count, sums[1] / count, sums[2] / count]
}

/** Puts decoded pictures into one heap. */
export function fillHeap(entries: readonly HeapEntry[]): TexelHeap {
  const total = entries.reduce((sum, entry) => sum + entry.width * entry.height, 0)
  const texels = new Uint16Array(total * 4)
  const images = new Map<string, HeapImage>()
  let start = 0
  for (const entry of entries) {
    const { width, height } = entry
    images.set(heapKey(entry.image, entry.coding), { start, width, height, mean: copyTexels(entry, texels, start) })
    start += width * height
  }
  return { texels, images }
}
