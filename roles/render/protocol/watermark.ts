/** An 8-bit sRGB picture with alpha. */
export type Preview = { readonly width: number; readonly height: number; readonly rgba: Uint8Array<ArrayBuffer> }

/** Longer edge of a preview that a customer sees before it has paid. */
export const previewPixels = 128
/** Diagonal bands of this many pixels, one of two marked. */
const bandPixels = 6

/** The picture at `pixels` at most on its longer edge; smaller ones stay as they are. */
export function shrinkPreview(source: Preview, pixels: number): Preview {
  const scale = Math.max(1, Math.max(source.width, source.height) / pixels)
  const [width, height] = [
    Math.max(1, Math.round(source.width / scale)),
    Math.max(1, Math.round(source.height / scale)),
  ]
  const rgba = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    const row = Math.min(source.height - 1, Math.floor(y * scale)) * source.width
    for (let x = 0; x < width; x++) {
      const from = 4 * (row + Math.min(source.width - 1, Math.floor(x * scale)))
      rgba.set(source.rgba.subarray(from, from + 4), 4 * (y * width + x))
    }
  }
  return { width, height, rgba }
}

/**
 * Makes a preview that shows what is there and is of no other use: reduced to 128 pixels and 8 bits, every other diagonal band pulled half
 * way to grey. It says nothing about the sums, which are what is paid for.
 */
export function watermarkPreview(source: Preview): Preview {
  const { width, height, rgba } = shrinkPreview(source, previewPixels)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    const marked = Math.floor((x + y) / bandPixels) % 2 === 1
    for (let at = 4 * pixel; marked && at < 4 * pixel + 3; at++) rgba[at] = (rgba[at]! + 128) >> 1
    rgba[4 * pixel + 3] = 255
  }
  return { width, height, rgba }
}
