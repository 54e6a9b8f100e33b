import { foldRanges, type RangeSum } from '../protocol/add-sums.ts'
import { samplesPerBlock, type RenderUnit } from '../protocol/render-job.ts'
import { toneMap } from '../protocol/tone-map.ts'

/** Widest preview; larger units are thinned out. */
const maxPreviewWidth = 512

export type Preview = { readonly width: number; readonly height: number; readonly rgba: Uint8Array<ArrayBuffer> }

function thinOut(
  sums: Float32Array,
  unit: RenderUnit,
  step: number,
): { width: number; height: number; sums: Float32Array } {
  const [width, height] = [Math.ceil(unit.width / step), Math.ceil(unit.height / step)]
  const thin = new Float32Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * step * unit.width + x * step) * 3
      thin.set(sums.subarray(from, from + 3), (y * width + x) * 3)
    }
  }
  return { width, height, sums: thin }
}

/** The unit as far as it has come, tone mapped. */
export function makePreview(unit: RenderUnit, blocksDone: number, pending: readonly RangeSum[]): Preview | null {
  const whole = foldRanges(pending)
  if (whole === null) return null
  const { width, height, sums } = thinOut(whole, unit, Math.ceil(unit.width / maxPreviewWidth))
  return { width, height, rgba: toneMap(sums, blocksDone * samplesPerBlock) }
}
