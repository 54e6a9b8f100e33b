/** An 8-bit sRGB picture with alpha. */
export type Preview = { readonly width: number; readonly height: number; readonly rgba: Uint8Array }

/** Longer edge of a preview that a customer sees before it has paid. */
export const previewPixels = 128
/** Diagonal bands of this many pixels, one of two marked. */
const bandPixels = 6

/**
 * Makes a preview that shows what is there and is of no other use: reduced to 128 pixels and 8 bits, every other diagonal band pulled half way to grey. It says nothing
 * about the sums, which are what is paid for.
 */
export function watermarkPreview(source: Preview): Preview {
  const scale = Math.max(1, Math.max(source.width, source.height) / previewPixels)
  const [width, height] = [
    Math.max(1, Math.round(source.width / scale)),
    Math.max(1, Math.round(source.height / scale)),
  ]
  const rgba = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from =
        4 *
        (Math.min(source.height - 1, Math.floor(y * scale)) * source.width +
          Math.min(source.width - 1, Math.floor(x * scale)))
      const marked = Math.floor((x + y) / bandPixels) % 2 === 1
      for (let channel = 0; channel < 3; channel++) {
        const value = source.rgba[from + channel]!
        rgba[4 * (y * width + x) + channel] = marked ? (value + 128) >> 1 : value
      }
      rgba[4 * (y * width + x) + 3] = 255
    }
  }
  return { width, height, rgba }
}
