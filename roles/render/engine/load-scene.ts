import { AnimationMixer, MeshBasicMaterial, type AnimationClip, type Group, type Object3D } from 'three'
import { GLTFLoader, type GLTF, type GLTFParser } from 'three/addons/loaders/GLTFLoader.js'
import type { Gltf } from '../protocol/scene/gltf-schema.ts'
import { SceneRefusedError } from '../protocol/scene/refusal.ts'

/** A scene whose nodes, meshes and animations are in memory; materials, lights and cameras are read from its description. */
export type LoadedScene = {
  readonly root: Group
  /** Index of an object's node in the description; undefined for helpers of the loader. */
  readonly nodeOf: (object: Object3D) => number | undefined
  /** Moves everything to this time of the first animation. */
  readonly pose: (seconds: number) => void
  readonly animationSeconds: number
}

/** Under this name a mesh carries the index of its material. */
export const materialKey = 'hearthMaterial'

/**
 * Keeps three's loader from reading textures and making materials of its own: it would decode pictures before anybody has
 * looked at their size, and fetch what lies outside of the file.
 */
function withoutMaterials(parser: GLTFParser) {
  return {
    name: 'HEARTH_without_materials',
    loadMaterial(index: number) {
      const material = new MeshBasicMaterial()
      material.userData[materialKey] = index
      parser.associations.set(material, { materials: index })
      return Promise.resolve(material)
    },
    loadTexture: () => Promise.reject(new Error("Textures are not the loader's affair.")),
  }
}

function parse(bytes: Uint8Array): Promise<GLTF> {
  const loader = new GLTFLoader()
  loader.register(withoutMaterials)
  const copy = bytes.slice().buffer
  return new Promise((done, fail) => loader.parse(copy, '', done, fail))
}

function prepareAnimation(root: Object3D, clip: AnimationClip | undefined): LoadedScene['pose'] {
  if (clip === undefined) return () => root.updateMatrixWorld(true)
  const mixer = new AnimationMixer(root)
  mixer.clipAction(clip).play()
  return (seconds) => {
    // Behind its end an animation starts again; the very end still shows the end.
    const inside =
      seconds <= clip.duration || clip.duration === 0 ? Math.min(seconds, clip.duration) : seconds % clip.duration
    mixer.setTime(inside === clip.duration ? Math.max(0, inside - 1e-6) : inside)
    root.updateMatrixWorld(true)
  }
}

/** Loads a scene that `checkScene` has let through. Throws SceneRefusedError where the loader finds it wrong all the same. */
export async function loadScene(bytes: Uint8Array, gltf: Gltf): Promise<LoadedScene> {
  const loaded = await parse(bytes).catch((error: unknown) => {
    throw new SceneRefusedError('SCENE_MALFORMED', `The scene cannot be loaded: ${plainText(error)}`)
  })
  const root = loaded.scenes[gltf.scene] ?? loaded.scene
  const { associations } = loaded.parser
  const clip = loaded.animations[0]
  return {
    root,
    nodeOf: (object) => associations.get(object)?.nodes,
    pose: prepareAnimation(root, clip),
    animationSeconds: clip?.duration ?? 0,
  }
}

function plainText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
}
