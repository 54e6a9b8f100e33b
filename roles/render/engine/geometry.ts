/** Triangles of one moment, in world space, one after the other without sharing corners. */
export type Geometry = {
  readonly triangles: number
  /** Nine numbers a triangle. */
  readonly positions: Float32Array<ArrayBuffer>
  /** Nine numbers a triangle. */
  readonly normals: Float32Array<ArrayBuffer>
  /** Six numbers a triangle. */
  readonly coordinates: Float32Array<ArrayBuffer>
  /** Nine numbers a triangle; null where no mesh has colours. */
  readonly colors: Float32Array<ArrayBuffer> | null
  /** Index of the material of each triangle; one behind the last for the default material. */
  readonly materials: Uint32Array<ArrayBuffer>
}

/** A tree over triangles, as `shaders/trace.ts` walks it. */
export type Tree = {
  /** Sixteen 32-bit numbers a node. */
  readonly nodes: Uint32Array<ArrayBuffer>
  /** The code to start with. */
  readonly root: number
  /** Which triangle stands at each place of the leaves. */
  readonly order: Uint32Array<ArrayBuffer>
}
