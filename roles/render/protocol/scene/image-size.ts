import { refuse } from './refusal.ts'

export type ImageSize = { readonly kind: 'png' | 'jpeg'; readonly width: number; readonly height: number }

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** Width and height from the first chunk of a PNG file (W3C PNG, section 11.2.1). */
function pngSize(bytes: Uint8Array): ImageSize | null {
  if (bytes.length < 33 || pngSignature.some((value, index) => bytes[index] !== value)) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint32(12) !== 0x4948_4452) return null
  return { kind: 'png', width: view.getUint32(16), height: view.getUint32(20) }
}

/** Markers that start a frame: SOF0 to SOF15 without DHT, JPG and DAC, which share their range (ITU T.81, table B.1). */
function startsFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

function jpegSize(bytes: Uint8Array): ImageSize | null {
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 2
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1]!
    if (marker === 0xff) at += 1
    else if (startsFrame(marker)) return { kind: 'jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    else at += 2 + Math.max(2, view.getUint16(at + 2))
  }
  return null
}

/** Size of a PNG or JPEG picture from its header, before anything is decoded. Refuses other kinds and empty sizes. */
export function readImageSize(bytes: Uint8Array): ImageSize {
  const size = pngSize(bytes) ?? jpegSize(bytes)
  if (size === null)
    return refuse(
      'SCENE_UNSUPPORTED',
      'A texture of the scene is neither PNG nor JPEG.',
      'Export textures as PNG or JPEG.',
    )
  if (size.width === 0 || size.height === 0) refuse('SCENE_MALFORMED', 'A texture of the scene has no pixels.')
  return size
}
