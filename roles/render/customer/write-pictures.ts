import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { writeFileAtomic } from '../../persistence/index.ts'
import { encodeExr } from '../protocol/encode-exr.ts'
import type { RenderJob } from '../protocol/render-job.ts'
import { toneMap } from '../protocol/tone-map.ts'

/** The two files of a frame. */
export type FrameFiles = { readonly png: string; readonly exr: string }

/** Where frame `frame` (from 0) is written. Named from 0001 on, as editors expect it. */
export function frameFiles(folder: string, frame: number): FrameFiles {
  const name = `frame-${String(frame + 1).padStart(4, '0')}`
  return { png: join(folder, `${name}.png`), exr: join(folder, `${name}.exr`) }
}

/** Writes a frame as PNG (8-bit sRGB, tone mapped) and EXR (linear light as 32-bit floats). Each file appears whole or not at all. */
export async function writeFrame(
  folder: string,
  frame: number,
  picture: Float32Array,
  job: RenderJob,
): Promise<FrameFiles> {
  const { width, height, samples } = job
  const files = frameFiles(folder, frame)
  await mkdir(folder, { recursive: true })
  const png = encode({ width, height, data: toneMap(picture, samples), depth: 8, channels: 4 })
  await writeFileAtomic(files.png, png, { mode: 0o644 })
  await writeFileAtomic(files.exr, encodeExr({ width, height, light: picture.map((sum) => sum / samples) }), {
    mode: 0o644,
  })
  return files
}
