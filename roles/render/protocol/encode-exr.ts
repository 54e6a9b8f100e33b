/** Linear light, three floats a pixel, row by row from the upper left. */
export type LinearPicture = { readonly width: number; readonly height: number; readonly light: Float32Array }

/** Magic number and version 2, single part, scan lines (OpenEXR file layout, version 2). */
const header = [0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0]
const pixelTypeFloat = 2
const noCompression = 0
const increasingY = 0

/**
 * A picture as OpenEXR: channels B, G and R as 32-bit floats, not compressed, one scan line a block. Small and exact: compositing programs read the very
 * sums, divided by the samples.
 */
export function encodeExr({ width, height, light }: LinearPicture): Uint8Array {
  const attributes = describe(width, height)
  const lineBytes = width * 3 * 4
  const tableAt = header.length + attributes.length
  const linesAt = tableAt + height * 8
  const file = new Uint8Array(linesAt + height * (8 + lineBytes))
  file.set(header)
  file.set(attributes, header.length)
  const view = new DataView(file.buffer)
  for (let y = 0; y < height; y++) {
    const at = linesAt + y * (8 + lineBytes)
    view.setBigUint64(tableAt + y * 8, BigInt(at), true)
    view.setInt32(at, y, true)
    view.setInt32(at + 4, lineBytes, true)
    // Channels stand in order of their names: blue, green, red.
    for (let channel = 0; channel < 3; channel++) {
      for (let x = 0; x < width; x++)
        view.setFloat32(at + 8 + (channel * width + x) * 4, light[(y * width + x) * 3 + 2 - channel]!, true)
    }
  }
  return file
}

function describe(width: number, height: number): Uint8Array {
  const channel = (name: string): number[] => [...text(name), ...int(pixelTypeFloat), 0, 0, 0, 0, ...int(1), ...int(1)]
  const box = [...int(0), ...int(0), ...int(width - 1), ...int(height - 1)]
  return Uint8Array.from([
    ...attribute('channels', 'chlist', [...channel('B'), ...channel('G'), ...channel('R'), 0]),
    ...attribute('compression', 'compression', [noCompression]),
    ...attribute('dataWindow', 'box2i', box),
    ...attribute('displayWindow', 'box2i', box),
    ...attribute('lineOrder', 'lineOrder', [increasingY]),
    ...attribute('pixelAspectRatio', 'float', float(1)),
    ...attribute('screenWindowCenter', 'v2f', [...float(0), ...float(0)]),
    ...attribute('screenWindowWidth', 'float', float(1)),
    0,
  ])
}

function attribute(name: string, type: string, value: readonly number[]): number[] {
  return [...text(name), ...text(type), ...int(value.length), ...value]
}

function text(value: string): number[] {
  return [...new TextEncoder().encode(value), 0]
}

function int(value: number): number[] {
  return [...new Uint8Array(new Int32Array([value]).buffer)]
}

function float(value: number): number[] {
  return [...new Uint8Array(new Float32Array([value]).buffer)]
}
