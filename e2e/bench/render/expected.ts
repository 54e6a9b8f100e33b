import { cornellBoxAt, cornellCamera, cornellSurfaces } from './analytic-scenes.ts'

/** Radiance of the glowing box's walls after so many edges of a path: each reflection adds half of the one before. */
export function glowingBoxRadiance(edges: number): number {
  return 2 * (1 - 0.5 ** edges)
}

/**
 * Radiance of the floor below a square lamp (side 1, radiance 5, height 1, reflectance 1/2): four times the configuration
 * factor between a point and a rectangle with a corner above it (Howell's catalogue, B-4).
 */
export function lampOverFloorRadiance(): number {
  const [x, y] = [0.5, 0.5]
  const along = (a: number, b: number): number => (a / Math.hypot(1, a)) * Math.atan(b / Math.hypot(1, a))
  const factor = (along(x, y) + along(y, x)) / (2 * Math.PI)
  return 0.5 * 5 * 4 * factor
}

/** Inverse square and cosine: 3 candela over a distance of the root of 2, at 45 degrees. */
export function pointOverFloorRadiance(): number {
  return (0.5 / Math.PI) * (3 / 2) * Math.SQRT1_2
}

/** Share of even light that a white GGX metal reflects head on, by summing over the half sphere in small steps. */
export function metalReflectance(roughness: number): number {
  const a2 = roughness ** 4
  const steps = 20_000
  let sum = 0
  for (let step = 0; step < steps; step++) {
    // Out along the normal: the half vector has half the angle.
    const angle = ((step + 0.5) / steps) * (Math.PI / 2)
    const [cosine, halfCosine] = [Math.cos(angle), Math.cos(angle / 2)]
    const facets = a2 / (Math.PI * (halfCosine ** 2 * (a2 - 1) + 1) ** 2)
    const lambda = (c: number): number => (Math.sqrt(1 + (a2 * (1 - c * c)) / (c * c)) - 1) / 2
    const masking = 1 / (1 + lambda(cosine) + lambda(1))
    sum += ((facets * masking) / (4 * cosine)) * cosine * Math.sin(angle) * 2 * Math.PI * (Math.PI / 2 / steps)
  }
  return sum
}

type Triangle = {
  readonly corner: number[]
  readonly e1: number[]
  readonly e2: number[]
  readonly normal: number[]
  readonly surface: number
}

const cross = (a: readonly number[], b: readonly number[]): number[] => [
  a[1]! * b[2]! - a[2]! * b[1]!,
  a[2]! * b[0]! - a[0]! * b[2]!,
  a[0]! * b[1]! - a[1]! * b[0]!,
]
const dot = (a: readonly number[], b: readonly number[]): number => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!
const unit = (a: readonly number[]): number[] => a.map((value) => value / Math.hypot(...a))

function cornellTriangles(): Triangle[] {
  return cornellSurfaces.flatMap(({ shape }, surface) => {
    const shift = surface === cornellSurfaces.length - 1 ? cornellBoxAt : [0, 0, 0]
    const corner = (vertex: number): number[] =>
      [0, 1, 2].map((axis) => shape.positions[vertex * 3 + axis]! + shift[axis]!)
    return Array.from({ length: shape.indices.length / 3 }, (_unused, face) => {
      const [a, b, c] = [0, 1, 2].map((at) => corner(shape.indices[face * 3 + at]!)) as [number[], number[], number[]]
      const [e1, e2] = [b, c].map((other) => other.map((value, axis) => value - a[axis]!)) as [number[], number[]]
      return { corner: a, e1, e2, normal: unit(cross(e1, e2)), surface }
    })
  })
}

function nearest(
  triangles: readonly Triangle[],
  o: readonly number[],
  d: readonly number[],
): { t: number; triangle: Triangle } | null {
  let found: { t: number; triangle: Triangle } | null = null
  for (const triangle of triangles) {
    const p = cross(d, triangle.e2)
    const scale = 1 / dot(triangle.e1, p)
    const s = [o[0]! - triangle.corner[0]!, o[1]! - triangle.corner[1]!, o[2]! - triangle.corner[2]!]
    const u = dot(s, p) * scale
    if (!(u >= 0 && u <= 1)) continue
    const q = cross(s, triangle.e1)
    const v = dot(d, q) * scale
    const t = dot(triangle.e2, q) * scale
    if (v >= 0 && u + v <= 1 && t > 1e-9 && t < (found?.t ?? Infinity)) found = { t, triangle }
  }
  return found
}

/** A direction around a normal with a chance in proportion to its cosine. */
function bounce(normal: readonly number[]): number[] {
  for (;;) {
    const point = [0, 1, 2].map(() => Math.random() * 2 - 1)
    const length = Math.hypot(...point)
    if (length > 1e-3 && length <= 1) return unit(point.map((value, axis) => value / length + normal[axis]!))
  }
}

/** Mean and standard error of each region of the Cornell room, one entry for each region and colour. */
export type Regions = { readonly mean: Float64Array; readonly error: Float64Array }

/**
 * The Cornell room by the plainest path tracer there is, as a second opinion: double precision, every triangle tried, light
 * found by chance only, Math.random. Returns `grid` x `grid` regions row by row.
 */
export function cornellReference(o: { grid: number; paths: number; edges: number }): Regions {
  const triangles = cornellTriangles()
  const half = Math.tan(cornellCamera.yfov / 2)
  const regions = o.grid * o.grid * 3
  const [mean, error] = [new Float64Array(regions), new Float64Array(regions)]
  for (let region = 0; region < o.grid * o.grid; region++) {
    const [sum, squares] = [new Float64Array(3), new Float64Array(3)]
    for (let path = 0; path < o.paths; path++) {
      const x = (((region % o.grid) + Math.random()) / o.grid) * 2 - 1
      const y = 1 - ((Math.floor(region / o.grid) + Math.random()) / o.grid) * 2
      const light = tracePath(triangles, [0, 0, cornellCamera.z], unit([x * half, y * half, -1]), o.edges)
      light.forEach((value, color) => {
        sum[color]! += value
        squares[color]! += value * value
      })
    }
    for (let color = 0; color < 3; color++) {
      mean[region * 3 + color] = sum[color]! / o.paths
      error[region * 3 + color] = Math.sqrt((squares[color]! / o.paths - mean[region * 3 + color]! ** 2) / o.paths)
    }
  }
  return { mean, error }
}

function tracePath(triangles: readonly Triangle[], from: number[], direction: number[], edges: number): number[] {
  let [o, d] = [from, direction]
  const [weight, light] = [
    [1, 1, 1],
    [0, 0, 0],
  ]
  for (let edge = 0; edge < edges; edge++) {
    const hit = nearest(triangles, o, d)
    if (hit === null) break
    const { reflectance, emission } = cornellSurfaces[hit.triangle.surface]!
    for (let color = 0; color < 3; color++) {
      light[color]! += weight[color]! * emission
      weight[color]! *= reflectance[color]!
    }
    if (Math.max(...weight) === 0) break
    const normal = dot(hit.triangle.normal, d) > 0 ? hit.triangle.normal.map((value) => -value) : hit.triangle.normal
    o = o.map((value, axis) => value + d[axis]! * hit.t)
    d = bounce(normal)
  }
  return light
}
