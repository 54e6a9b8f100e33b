import type { SceneImage } from '../protocol/scene/check-textures.ts'
import { SceneRefusedError } from '../protocol/scene/refusal.ts'
import { EngineFailure } from './failure.ts'

/**
 * The pixels of a picture as four bytes each, exactly as the file has them. They are read back through a graphics texture and
 * not a 2D canvas, since a canvas multiplies colours by alpha and loses those of see-through pixels.
 */
export async function readImage(gl: WebGL2RenderingContext, image: SceneImage): Promise<Uint8Array> {
  const blob = new Blob([image.bytes.slice()], { type: image.kind === 'png' ? 'image/png' : 'image/jpeg' })
  const options = { colorSpaceConversion: 'none', premultiplyAlpha: 'none', imageOrientation: 'none' } as const
  const bitmap = await createImageBitmap(blob, options as ImageBitmapOptions).catch(() => {
    throw new SceneRefusedError('SCENE_MALFORMED', 'A texture of the scene is damaged and cannot be decoded.')
  })
  try {
    if (bitmap.width !== image.width || bitmap.height !== image.height)
      throw new SceneRefusedError('SCENE_MALFORMED', 'A texture of the scene has another size than it says.')
    return readBitmap(gl, bitmap)
  } finally {
    bitmap.close()
  }
}

function readBitmap(gl: WebGL2RenderingContext, bitmap: ImageBitmap): Uint8Array {
  const { width, height } = bitmap
  const [texture, frame] = [gl.createTexture(), gl.createFramebuffer()]
  gl.bindTexture(gl.TEXTURE_2D, texture)
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false)
  gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false)
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE)
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, bitmap)
  gl.bindFramebuffer(gl.FRAMEBUFFER, frame)
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0)
  const pixels = new Uint8Array(width * height * 4)
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels)
  const error = gl.getError()
  gl.bindFramebuffer(gl.FRAMEBUFFER, null)
  gl.deleteFramebuffer(frame)
  gl.deleteTexture(texture)
  if (error !== gl.NO_ERROR)
    throw new EngineFailure(
      'outOfMemory',
      `A texture of ${width} x ${height} pixels does not fit into the graphics memory.`,
    )
  return pixels
}
