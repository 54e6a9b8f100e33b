import { EngineFailure } from '../failure.ts'

/** Texels in a row of every list; the shaders divide by it. */
export const listWidth = 4096

type Format = {
  readonly internal: 'RGBA32F' | 'RGBA32UI' | 'RGBA16F'
  readonly format: 'RGBA' | 'RGBA_INTEGER'
  readonly type: 'FLOAT' | 'UNSIGNED_INT' | 'HALF_FLOAT'
}

export const floats: Format = { internal: 'RGBA32F', format: 'RGBA', type: 'FLOAT' }
export const words: Format = { internal: 'RGBA32UI', format: 'RGBA_INTEGER', type: 'UNSIGNED_INT' }
export const halves: Format = { internal: 'RGBA16F', format: 'RGBA', type: 'HALF_FLOAT' }

export type List = Float32Array | Uint32Array | Uint16Array

function newTexture(gl: WebGL2RenderingContext): WebGLTexture {
  const texture = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_2D, texture)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE)
  return texture
}

function checkMemory(gl: WebGL2RenderingContext, bytes: number): void {
  const error = gl.getError()
  if (error === gl.CONTEXT_LOST_WEBGL || gl.isContextLost())
    throw new EngineFailure('contextLost', 'The graphics card was taken away while the scene was loaded.')
  if (error !== gl.NO_ERROR)
    throw new EngineFailure('outOfMemory', `${bytes} bytes of the scene do not fit into the graphics memory.`)
}

/** An empty texture to draw into or to fill later. */
export function makeTexture(
  gl: WebGL2RenderingContext,
  size: { width: number; height: number },
  kind: Format,
): WebGLTexture {
  const texture = newTexture(gl)
  gl.texImage2D(gl.TEXTURE_2D, 0, gl[kind.internal], size.width, size.height, 0, gl[kind.format], gl[kind.type], null)
  checkMemory(gl, size.width * size.height * 16)
  return texture
}

/** A list of texels (four numbers each) as a texture, row by row. Throws EngineFailure where the card has no room for it. */
export function uploadList(gl: WebGL2RenderingContext, list: List, kind: Format): WebGLTexture {
  const texels = Math.max(1, list.length / 4)
  const width = Math.min(listWidth, texels)
  const rows = Math.floor(texels / listWidth)
  const height = Math.ceil(texels / listWidth)
  if (height > Number(gl.getParameter(gl.MAX_TEXTURE_SIZE)))
    throw new EngineFailure('outOfMemory', `A list of ${texels} entries is longer than this graphics card can hold.`)
  const texture = makeTexture(gl, { width, height }, kind)
  const put = (y: number, lines: number, columns: number, from: number): void => {
    const part = list.subarray(from * 4, (from + lines * columns) * 4)
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, y, columns, lines, gl[kind.format], gl[kind.type], part)
  }
  if (rows > 0) put(0, rows, listWidth, 0)
  const rest = list.length / 4 - rows * listWidth
  if (rest > 0) put(rows, 1, rest, rows * listWidth)
  checkMemory(gl, list.byteLength)
  return texture
}
