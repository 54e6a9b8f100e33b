import { EngineFailure } from '../failure.ts'
import { fragmentShader, vertexShader, type Feature } from '../shaders/program.ts'

/** A program and the places of its inputs, looked up once. */
export type Program = { readonly program: WebGLProgram; at(name: string): WebGLUniformLocation | null; dispose(): void }

function compile(gl: WebGL2RenderingContext, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type)!
  gl.shaderSource(shader, source)
  gl.compileShader(shader)
  return shader
}

const pollMs = 10

/** Waits for a driver that compiles beside the page, so that messages are answered meanwhile. */
async function waitForLink(gl: WebGL2RenderingContext, program: WebGLProgram): Promise<void> {
  const parallel = gl.getExtension('KHR_parallel_shader_compile')
  if (parallel === null) return
  while (!gl.isContextLost() && !gl.getProgramParameter(program, parallel.COMPLETION_STATUS_KHR)) {
    await new Promise((done) => setTimeout(done, pollMs))
  }
}

/** Compiles the path tracer for what a scene needs. Throws EngineFailure with the driver's words where it refuses. */
export async function compileProgram(gl: WebGL2RenderingContext, features: ReadonlySet<Feature>): Promise<Program> {
  const program = gl.createProgram()
  const shaders = [
    compile(gl, gl.VERTEX_SHADER, vertexShader),
    compile(gl, gl.FRAGMENT_SHADER, fragmentShader(features)),
  ]
  for (const shader of shaders) gl.attachShader(program, shader)
  gl.linkProgram(program)
  await waitForLink(gl, program)
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    if (gl.isContextLost()) throw new EngineFailure('contextLost', 'The graphics card was taken away.')
    const words = shaders.map((shader) => gl.getShaderInfoLog(shader) ?? '').join('\n')
    throw new EngineFailure(
      'shaderFailed',
      `The graphics driver refuses the path tracer: ${words.trim().slice(0, 500)}`,
    )
  }
  for (const shader of shaders) gl.deleteShader(shader)
  const places = new Map<string, WebGLUniformLocation | null>()
  return {
    program,
    at(name) {
      if (!places.has(name)) places.set(name, gl.getUniformLocation(program, name))
      return places.get(name)!
    },
    dispose: () => gl.deleteProgram(program),
  }
}
