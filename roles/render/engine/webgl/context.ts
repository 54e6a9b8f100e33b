import type { EngineFacts } from '../../protocol/engine-messages.ts'
import { EngineFailure } from '../failure.ts'

/** A context of its own on a canvas that nobody sees. Throws EngineFailure where this machine has no WebGL2 with floats. */
export function openContext(): WebGL2RenderingContext {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  // In the page, so that tests can take its context away.
  document.body.replaceChildren(canvas)
  const gl = canvas.getContext('webgl2', {
    alpha: false,
    antialias: false,
    depth: false,
    stencil: false,
    powerPreference: 'high-performance',
  })
  if (gl === null) throw new EngineFailure('backEndMissing', 'This computer has no WebGL2.')
  if (gl.getExtension('EXT_color_buffer_float') === null)
    throw new EngineFailure('backEndMissing', 'The graphics driver cannot draw 32-bit floats.')
  canvas.addEventListener('webglcontextlost', (event) => event.preventDefault())
  return gl
}

/** The driver's own name, kept short and plain; it is a text from outside. */
export function deviceName(gl: WebGL2RenderingContext): string {
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  const name: unknown = gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL)
  return String(name)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 200)
}

const softwareNames = /llvmpipe|softpipe|swiftshader|software|basic render/i

export function factsOf(gl: WebGL2RenderingContext): Omit<EngineFacts, 'backEnds'> {
  const device = deviceName(gl)
  return { device, software: softwareNames.test(device), maxTextureSize: Number(gl.getParameter(gl.MAX_TEXTURE_SIZE)) }
}
