/**
 * From linear light to what a screen shows: the last step of a picture, the same in preview and result. Curve: Khronos PBR
 * Neutral (github.com/KhronosGroup/ToneMapping, 2024), chosen since it leaves base colours as an artist set them and only
 * compresses what is brighter; then the sRGB transfer function (IEC 61966-2-1).
 */

/** Light reflected by a dielectric surface head on, which the curve takes off so that black stays black. */
const dielectricReflectance = 0.04
const compressionStart = 0.8 - dielectricReflectance
const desaturation = 0.15

/** One linear colour through the neutral curve; every channel of the result lies in [0, 1]. */
export function neutralCurve(red: number, green: number, blue: number): [number, number, number] {
  const darkest = Math.min(red, green, blue)
  const offset =
    darkest < 2 * dielectricReflectance ? darkest - darkest ** 2 / (4 * dielectricReflectance) : dielectricReflectance
  const base = [red - offset, green - offset, blue - offset] as [number, number, number]
  const peak = Math.max(...base)
  if (peak < compressionStart) return base
  const room = 1 - compressionStart
  const newPeak = 1 - room ** 2 / (peak + room - compressionStart)
  const grey = 1 - 1 / (desaturation * (peak - newPeak) + 1)
  const compress = (value: number): number => (value / peak) * newPeak * (1 - grey) + newPeak * grey
  return [compress(base[0]), compress(base[1]), compress(base[2])]
}

/** Linear value in [0, 1] to the 8-bit code of sRGB; anything else is cut to that range, not-a-number to 0. */
export function encodeSrgb(linear: number): number {
  if (!(linear > 0)) return 0
  if (linear >= 1) return 255
  const encoded = linear <= 0.003_130_8 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055
  return Math.round(encoded * 255)
}

/**
 * Sums of a picture or part of one (red, green, blue a pixel) as 8-bit sRGB with full alpha. `samples` is how many were
 * added; light that overflowed to infinity becomes white.
 */
export function toneMap(sums: Float32Array, samples: number, exposure = 1): Uint8Array<ArrayBuffer> {
  const pixels = sums.length / 3
  const rgba = new Uint8Array(pixels * 4)
  const scale = exposure / samples
  const light = (value: number): number => (value > 0 ? Math.min(value * scale, 1e9) : 0)
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = pixel * 3
    const [red, green, blue] = neutralCurve(light(sums[at]!), light(sums[at + 1]!), light(sums[at + 2]!))
    rgba.set([encodeSrgb(red), encodeSrgb(green), encodeSrgb(blue), 255], pixel * 4)
  }
  return rgba
}
