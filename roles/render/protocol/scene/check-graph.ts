import type { Gltf } from './gltf-schema.ts'
import { refuse } from './refusal.ts'

/** Deeper trees of nodes are refused: loaders walk them by recursion. */
const maxDepth = 256

/** Refuses an index that points outside of its list. */
export function checkIndex(value: number | undefined, list: readonly unknown[], what: string): void {
  if (value !== undefined && value >= list.length)
    refuse('SCENE_MALFORMED', `The scene names ${what} ${value}, but has only ${list.length}.`)
}

/** Each node may have one parent only and none may be its own ancestor (glTF 2.0, section 3.5.2). */
function checkParents(gltf: Gltf): void {
  const parents = new Int32Array(gltf.nodes.length).fill(-1)
  gltf.nodes.forEach((node, index) => {
    for (const child of node.children) {
      checkIndex(child, gltf.nodes, 'node')
      if (parents[child] !== -1) refuse('SCENE_CYCLE', `Node ${child} of the scene has more than one parent.`)
      parents[child] = index
    }
  })
  checkDepth(parents)
}

function checkDepth(parents: Int32Array): void {
  const depths = new Int32Array(parents.length)
  for (let index = 0; index < parents.length; index++) {
    const path: number[] = []
    let at = index
    while (at !== -1 && depths[at] === 0) {
      path.push(at)
      if (path.length > maxDepth)
        refuse('SCENE_CYCLE', `The nodes of the scene are nested in a circle or deeper than ${maxDepth}.`)
      at = parents[at]!
    }
    let depth = at === -1 ? 0 : depths[at]!
    for (const node of path.reverse()) depths[node] = ++depth
    if (depth > maxDepth) refuse('SCENE_CYCLE', `The nodes of the scene are nested deeper than ${maxDepth}.`)
  }
}

function checkNodes(gltf: Gltf): void {
  const lights = gltf.extensions.KHR_lights_punctual?.lights ?? []
  for (const node of gltf.nodes) {
    checkIndex(node.mesh, gltf.meshes, 'mesh')
    checkIndex(node.skin, gltf.skins, 'skin')
    checkIndex(node.camera, gltf.cameras, 'camera')
    checkIndex(node.extensions.KHR_lights_punctual?.light, lights, 'light')
  }
  for (const skin of gltf.skins) {
    checkIndex(skin.inverseBindMatrices, gltf.accessors, 'accessor')
    for (const joint of skin.joints) checkIndex(joint, gltf.nodes, 'node')
  }
  for (const scene of gltf.scenes) for (const root of scene.nodes) checkIndex(root, gltf.nodes, 'node')
}

function checkRoots(gltf: Gltf): void {
  const children = new Set(gltf.nodes.flatMap((node) => node.children))
  for (const scene of gltf.scenes) {
    if (new Set(scene.nodes).size !== scene.nodes.length || scene.nodes.some((root) => children.has(root)))
      refuse('SCENE_CYCLE', 'The scene shows a node twice.')
  }
}

function checkAnimations(gltf: Gltf): void {
  for (const { channels, samplers } of gltf.animations) {
    for (const sampler of samplers) {
      checkIndex(sampler.input, gltf.accessors, 'accessor')
      checkIndex(sampler.output, gltf.accessors, 'accessor')
      checkSampler(gltf, sampler)
    }
    for (const channel of channels) {
      checkIndex(channel.sampler, samplers, 'animation sampler')
      checkIndex(channel.target.node, gltf.nodes, 'node')
    }
  }
}

function checkSampler(gltf: Gltf, sampler: Gltf['animations'][number]['samplers'][number]): void {
  const [input, output] = [gltf.accessors[sampler.input]!, gltf.accessors[sampler.output]!]
  if (input.type !== 'SCALAR' || input.componentType !== 5126)
    refuse('SCENE_MALFORMED', 'The times of an animation are no 32-bit floats.')
  const perKey = sampler.interpolation === 'CUBICSPLINE' ? 3 : 1
  if (output.count % (input.count * perKey) !== 0)
    refuse('SCENE_MALFORMED', `An animation has ${input.count} times, but ${output.count} values.`)
}

/** Checks nodes, skins and animations: every index inside its list, the nodes a forest of bounded depth. */
export function checkGraph(gltf: Gltf): void {
  if (gltf.scenes.length === 0) refuse('SCENE_MALFORMED', 'The file holds no scene.')
  checkIndex(gltf.scene, gltf.scenes, 'scene')
  checkNodes(gltf)
  checkParents(gltf)
  checkRoots(gltf)
  checkAnimations(gltf)
}
