import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'

/**
 * Draws the app's icon: an ember in the mouth of a hearth. Run with Node 24 from anywhere after a change here; the
 * pictures beside it are committed, so that builds need no drawing.
 */
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024] as const

/** Samples a pixel's side; squared, they smooth the edges. */
const samplesPerSide = 4

type Colour = readonly [red: number, green: number, blue: number]

const stone: Colour = [41, 37, 36]
const stoneTop: Colour = [68, 60, 55]
const mouth: Colour = [18, 15, 14]
const emberLow: Colour = [234, 88, 12]
const emberHigh: Colour = [251, 191, 36]
const core: Colour = [255, 247, 214]

/** The colour at a point of the unit square (y down), or null outside of the icon. */
function colourAt(x: number, y: number): Colour | null {
  if (roundedSquare(x - 0.5, y - 0.5, 0.46, 0.2) > 0) return null
  if (flame(x, y, 0.5)) return core
  if (flame(x, y, 1)) return mix(emberHigh, emberLow, clamp((y - 0.4) / 0.36))
  if (arch(x, y)) return mix(mouth, [92, 38, 12], clamp(1 - Math.hypot(x - 0.5, y - 0.74) / 0.34) * 0.75)
  return mix(stoneTop, stone, clamp((y - 0.04) / 0.8))
}

/** The opening: a half circle on a rectangle, standing on the hearth stone. */
function arch(x: number, y: number): boolean {
  if (y > 0.8) return false
  return y > 0.48 ? Math.abs(x - 0.5) < 0.29 : Math.hypot(x - 0.5, y - 0.48) < 0.29
}

/** A flame as a drop with a bent tip, scaled about its foot. */
function flame(x: number, y: number, scale: number): boolean {
  const height = (0.8 - y) / (0.5 * scale)
  if (height < 0 || height > 1) return false
  const bend = 0.05 * scale * Math.sin(height * Math.PI * 1.4)
  const halfWidth =
    0.165 * scale * Math.sqrt(Math.sin(Math.PI * Math.min(1, 0.14 + height * 0.86))) * (1.12 - 0.55 * height)
  return Math.abs(x - 0.5 - bend) < halfWidth
}

function roundedSquare(x: number, y: number, half: number, radius: number): number {
  const dx = Math.max(Math.abs(x) - half + radius, 0)
  const dy = Math.max(Math.abs(y) - half + radius, 0)
  return Math.hypot(dx, dy) - radius
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const [r, g, b] = from.map((value, index) => value + ((to[index] ?? 0) - value) * share)
  return [r ?? 0, g ?? 0, b ?? 0]
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value))
}

/** Red, green, blue and opacity of one pixel, averaged over its samples. */
function pixel(column: number, row: number, size: number): readonly number[] {
  const sum = [0, 0, 0, 0]
  for (let sample = 0; sample < samplesPerSide ** 2; sample++) {
    const x = (column + ((sample % samplesPerSide) + 0.5) / samplesPerSide) / size
    const y = (row + (Math.floor(sample / samplesPerSide) + 0.5) / samplesPerSide) / size
    const colour = colourAt(x, y)
    if (colour !== null) [...colour, 1].forEach((value, index) => (sum[index] = (sum[index] ?? 0) + value))
  }
  const covered = sum[3] ?? 0
  if (covered === 0) return [0, 0, 0, 0]
  const opacity = (255 * covered) / samplesPerSide ** 2
  return [...sum.slice(0, 3).map((value) => Math.round(value / covered)), Math.round(opacity)]
}

function drawPng(size: number): Buffer {
  const rows = Array.from({ length: size }, (_, row) => {
    const pixels = Array.from({ length: size }, (_, column) => pixel(column, row, size))
    return Buffer.from([0, ...pixels.flat()])
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  // Eight bits a channel, red green blue opacity.
  header.set([8, 6, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(body.length + 8)
  frame.writeUInt32BE(data.length, 0)
  body.copy(frame, 4)
  frame.writeUInt32BE(crc32(body), body.length + 4)
  return frame
}

for (const size of sizes) writeFileSync(join(import.meta.dirname, `${size}x${size}.png`), drawPng(size))
