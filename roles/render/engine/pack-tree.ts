import { BufferAttribute, BufferGeometry } from 'three'
import { MeshBVH, SAH } from 'three-mesh-bvh'
import { SceneRefusedError } from '../protocol/scene/refusal.ts'
import type { Tree } from './geometry.ts'

/** More triangles in a leaf do not fit into its code; such leaves are divided further. */
const maxLeafTriangles = 254
/** Triangles that a leaf's code can name. */
export const maxTreeTriangles = 2 ** 23
const leafBit = 0x8000_0000
/** Deepest node of the library's tree. With the division of large leaves it stays below the 48 entries of the shader's stack. */
const maxDepth = 28
const wordsPerNode = 16

type Box = ArrayLike<number>
type Branch = { readonly box: Box; left: Branch | null; right: Branch | null; offset: number; count: number }

function leafCode(offset: number, count: number): number {
  return (leafBit + count * maxTreeTriangles + offset) >>> 0
}

/** The library counts the triangles of a leaf with 16 bits and would lose all beyond, without a word. */
function checkCount(found: number, wanted: number): void {
  if (found === wanted) return
  throw new SceneRefusedError(
    'SCENE_UNSUPPORTED',
    'More than 65,535 triangles of the scene lie in the same place.',
    'Remove doubled faces.',
  )
}

/** The library tells its nodes in depth-first order, the left child first. */
function collect(tree: MeshBVH, triangles: number): Branch {
  const path: Branch[] = []
  let root: Branch | null = null
  let found = 0
  tree.traverse((depth, isLeaf, box, offset, count) => {
    const leaf = isLeaf ? { offset, count } : { offset: 0, count: 0 }
    const branch: Branch = { box: Array.from(box), left: null, right: null, ...leaf }
    const parent = path[depth - 1]
    if (parent === undefined) root = branch
    else if (parent.left === null) parent.left = branch
    else parent.right = branch
    found += leaf.count
    path[depth] = branch
    path.length = depth + 1
  })
  checkCount(found, triangles)
  return root!
}

/** Divides leaves that are too large in halves, which share their box. */
function divide(branch: Branch): void {
  if (branch.left !== null || branch.count <= maxLeafTriangles) return
  const half = branch.count >> 1
  branch.left = { ...branch, left: null, right: null, count: half }
  branch.right = { ...branch, left: null, right: null, offset: branch.offset + half, count: branch.count - half }
}

/** Writes the branch's children at the place that was given to it and returns its code. */
function write(root: Branch, nodes: number[]): number {
  const floats = new Float32Array(1)
  const bits = new Uint32Array(floats.buffer)
  const bitsOf = (value: number): number => {
    floats[0] = value
    return bits[0]!
  }
  const pending: { branch: Branch; at: number }[] = []
  const place = (branch: Branch): number => {
    divide(branch)
    if (branch.left === null) return leafCode(branch.offset, branch.count)
    const at = nodes.length
    for (let word = 0; word < wordsPerNode; word++) nodes.push(0)
    pending.push({ branch, at })
    return at / wordsPerNode
  }
  const code = place(root)
  while (pending.length > 0) {
    const { branch, at } = pending.pop()!
    const [left, right] = [branch.left!, branch.right!]
    for (let axis = 0; axis < 3; axis++) {
      nodes[at + axis * 4] = bitsOf(left.box[axis]!)
      nodes[at + axis * 4 + 1] = bitsOf(left.box[axis + 3]!)
      nodes[at + axis * 4 + 2] = bitsOf(right.box[axis]!)
      nodes[at + axis * 4 + 3] = bitsOf(right.box[axis + 3]!)
    }
    nodes[at + 12] = place(left)
    nodes[at + 13] = place(right)
  }
  return code
}

/**
 * Builds the tree over triangles (nine numbers each). Deterministic: the same triangles give the same tree on every machine,
 * which matters where two surfaces lie in one place. Throws SceneRefusedError where too many do.
 */
export function packTree(positions: Float32Array): Tree {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(positions, 3))
  const tree = new MeshBVH(geometry, {
    strategy: SAH,
    maxDepth,
    targetLeafSize: 2,
    indirect: true,
    setBoundingBox: false,
  })
  const nodes: number[] = []
  const count = positions.length / 9
  const root = write(collect(tree, count), nodes)
  const order = Uint32Array.from({ length: count }, (_unused, index) => tree.resolveTriangleIndex(index))
  return { nodes: Uint32Array.from(nodes), root, order }
}
