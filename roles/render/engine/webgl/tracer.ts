import { cellPixels } from '../../protocol/render-job.ts'
import type { Draw, Tracer, TracerFrame, TracerPicture, TracerScene } from '../back-end.ts'
import { EngineFailure } from '../failure.ts'
import { compileProgram, type Program } from './compile.ts'
import { floats, halves, makeTexture, uploadList, words } from './upload.ts'

const units = ['uNodes', 'uTriangles', 'uAttributes', 'uTable', 'uTexels', 'uColors', 'uCells', 'uBefore'] as const
type Unit = (typeof units)[number]

/** How often it is looked whether a draw has ended; browsers allow no longer wait than none. */
const pollMs = 3

type Grid = { readonly columns: number; readonly rows: number; readonly frames: readonly Target[] }
type Target = { readonly texture: WebGLTexture; readonly frame: WebGLFramebuffer }

function makeTarget(gl: WebGL2RenderingContext, size: { width: number; height: number }): Target {
  const texture = makeTexture(gl, size, floats)
  const frame = gl.createFramebuffer()
  gl.bindFramebuffer(gl.FRAMEBUFFER, frame)
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0)
  if (gl.checkFramebufferStatus(gl.FRAMEBUFFER) !== gl.FRAMEBUFFER_COMPLETE)
    throw new EngineFailure('outOfMemory', 'The graphics card has no room for the sums of this tile.')
  return { texture, frame }
}

/** The textures that the shader reads, each in a unit of its own. */
class Inputs {
  readonly #gl: WebGL2RenderingContext
  readonly #textures = new Map<Unit, WebGLTexture>()

  constructor(gl: WebGL2RenderingContext, program: Program) {
    this.#gl = gl
    units.forEach((name, unit) => gl.uniform1i(program.at(name), unit))
  }

  put(name: Unit, texture: WebGLTexture): void {
    const old = this.#textures.get(name)
    this.#textures.set(name, texture)
    this.bind(name, texture)
    if (old !== undefined) this.#gl.deleteTexture(old)
  }

  bind(name: Unit, texture: WebGLTexture | null): void {
    this.#gl.activeTexture(this.#gl.TEXTURE0 + units.indexOf(name))
    this.#gl.bindTexture(this.#gl.TEXTURE_2D, texture)
    // Uploads bind to a unit of their own and disturb none of these.
    this.#gl.activeTexture(this.#gl.TEXTURE0 + units.length)
  }

  dispose(): void {
    for (const texture of this.#textures.values()) this.#gl.deleteTexture(texture)
    this.#textures.clear()
  }
}

class WebglTracer implements Tracer {
  readonly #gl: WebGL2RenderingContext
  readonly #program: Program
  readonly #inputs: Inputs
  #grid: Grid | null = null
  #current = 0

  constructor(gl: WebGL2RenderingContext, program: Program, scene: TracerScene) {
    this.#gl = gl
    this.#program = program
    gl.useProgram(program.program)
    gl.bindVertexArray(gl.createVertexArray())
    gl.enable(gl.SCISSOR_TEST)
    this.#inputs = new Inputs(gl, program)
    this.#inputs.put('uTexels', uploadList(gl, scene.texels, halves))
    gl.uniform1i(program.at('uSlots'), scene.features.has('HAS_MORE_TEXTURES') ? 7 : 4)
    gl.uniform1i(program.at('uRays'), 2)
  }

  setFrame(frame: TracerFrame): void {
    const [gl, program, inputs] = [this.#gl, this.#program, this.#inputs]
    inputs.put('uNodes', uploadList(gl, frame.nodes, words))
    inputs.put('uTriangles', uploadList(gl, frame.triangles, floats))
    inputs.put('uAttributes', uploadList(gl, frame.attributes, floats))
    inputs.put('uTable', uploadList(gl, frame.table, words))
    if (frame.colors !== null) inputs.put('uColors', uploadList(gl, frame.colors, floats))
    gl.uniform1ui(program.at('uRoot'), frame.root)
    gl.uniform1i(program.at('uTexturesAt'), frame.texturesAt)
    gl.uniform1i(program.at('uLightsAt'), frame.lightsAt)
    gl.uniform1i(program.at('uLightCount'), frame.lightCount)
    const { camera, environment } = frame
    gl.uniform3fv(program.at('uEye'), camera.eye)
    gl.uniform3fv(program.at('uRight'), camera.right)
    gl.uniform3fv(program.at('uUp'), camera.up)
    gl.uniform4fv(program.at('uForward'), [...camera.forward, camera.parallel ? 1 : 0])
    gl.uniform3fv(program.at('uZenith'), environment.zenith)
    gl.uniform3fv(program.at('uHorizon'), environment.horizon)
    gl.uniform3fv(program.at('uNadir'), environment.nadir)
  }

  setPicture(picture: TracerPicture): void {
    this.#gl.uniform2i(this.#program.at('uPicture'), picture.width, picture.height)
    this.#gl.uniform1i(this.#program.at('uMaxEdges'), picture.maxEdges)
    this.#gl.uniform1ui(this.#program.at('uStream'), picture.stream)
  }

  setCells(corners: Uint32Array, columns: number): void {
    const gl = this.#gl
    const rows = Math.ceil(corners.length / 2 / columns)
    this.#dropGrid()
    // Cells behind the last lie outside of every picture, where the shader does nothing.
    const texels = new Uint32Array(columns * rows * 4).fill(0xffff)
    for (let cell = 0; cell < corners.length / 2; cell++) {
      texels.set([corners[cell * 2]!, corners[cell * 2 + 1]!, 0, 0], cell * 4)
    }
    const cells = makeTexture(gl, { width: columns, height: rows }, words)
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, columns, rows, gl.RGBA_INTEGER, gl.UNSIGNED_INT, texels)
    this.#inputs.put('uCells', cells)
    const size = { width: columns * cellPixels, height: rows * cellPixels }
    this.#grid = { columns, rows, frames: [makeTarget(gl, size), makeTarget(gl, size)] }
    gl.viewport(0, 0, size.width, size.height)
  }

  async draw(draw: Draw): Promise<void> {
    const [gl, program] = [this.#gl, this.#program]
    const grid = this.#grid!
    // Each round goes from one picture of sums into the other.
    const to = draw.round % 2
    this.#current = to
    gl.bindFramebuffer(gl.FRAMEBUFFER, grid.frames[to]!.frame)
    this.#inputs.bind('uBefore', grid.frames[1 - to]!.texture)
    gl.uniform1i(program.at('uFirstSample'), draw.firstSample)
    gl.uniform1i(program.at('uSamples'), draw.samples)
    gl.uniform1i(program.at('uContinue'), draw.round > 0 ? 1 : 0)
    gl.scissor(0, draw.firstRow * cellPixels, grid.columns * cellPixels, draw.rows * cellPixels)
    gl.drawArrays(gl.TRIANGLES, 0, 3)
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
    gl.flush()
    while (fence !== null && !gl.isContextLost()) {
      const status = gl.clientWaitSync(fence, 0, 0)
      if (status !== gl.TIMEOUT_EXPIRED) break
      await new Promise((done) => setTimeout(done, pollMs))
    }
    gl.deleteSync(fence)
    this.#checkContext()
  }

  async read(): Promise<Float32Array> {
    const [gl, grid] = [this.#gl, this.#grid!]
    const [width, height] = [grid.columns * cellPixels, grid.rows * cellPixels]
    const pixels = new Float32Array(width * height * 4)
    gl.bindFramebuffer(gl.FRAMEBUFFER, grid.frames[this.#current]!.frame)
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.FLOAT, pixels)
    this.#checkContext()
    return pixels
  }

  dispose(): void {
    this.#dropGrid()
    this.#inputs.dispose()
    this.#program.dispose()
  }

  #dropGrid(): void {
    for (const { texture, frame } of this.#grid?.frames ?? []) {
      this.#gl.deleteFramebuffer(frame)
      this.#gl.deleteTexture(texture)
    }
    this.#grid = null
  }

  #checkContext(): void {
    const error = this.#gl.getError()
    if (this.#gl.isContextLost() || error === this.#gl.CONTEXT_LOST_WEBGL)
      throw new EngineFailure('contextLost', 'The graphics card was taken away in the middle of the work.')
    if (error !== this.#gl.NO_ERROR)
      throw new EngineFailure('outOfMemory', `The graphics driver reports error ${error}, mostly a lack of memory.`)
  }
}

/** A path tracer on WebGL2 for one scene. */
export async function openWebglTracer(gl: WebGL2RenderingContext, scene: TracerScene): Promise<Tracer> {
  const program = await compileProgram(gl, scene.features)
  return new WebglTracer(gl, program, scene)
}
