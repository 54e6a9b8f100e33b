import { refuse } from './refusal.ts'

const magic = 0x4654_6c67
const jsonChunk = 0x4e4f_534a
const binaryChunk = 0x004e_4942
const headerBytes = 12

/** A GLB file taken apart: its description, still of unknown shape, and its data. */
export type GlbParts = { readonly description: unknown; readonly binary: Uint8Array }

type Chunk = { readonly kind: number; readonly bytes: Uint8Array }

function readChunk(file: Uint8Array, view: DataView, at: number): Chunk {
  if (at + 8 > file.length) refuse('SCENE_TRUNCATED', 'The scene file ends inside the header of a part.')
  const length = view.getUint32(at, true)
  if (at + 8 + length > file.length)
    refuse('SCENE_TRUNCATED', `A part of the scene file says it has ${length} bytes, but the file ends before.`)
  return { kind: view.getUint32(at + 4, true), bytes: file.subarray(at + 8, at + 8 + length) }
}

function parseDescription(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return refuse('SCENE_MALFORMED', 'The description inside the scene file is no valid JSON text.')
  }
}

/**
 * Takes a GLB file apart (glTF 2.0, section 4.4): header, a JSON part, then at most one part of data; parts of other kinds
 * are skipped. Reads nothing outside of `file` and allocates no more than its JSON text needs. Throws SceneRefusedError.
 */
export function readGlb(file: Uint8Array): GlbParts {
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  if (file.length < headerBytes || view.getUint32(0, true) !== magic)
    refuse('SCENE_NOT_GLB', 'This is no GLB file.', 'Export the scene as glTF 2.0, binary (.glb).')
  if (view.getUint32(4, true) !== 2)
    refuse('SCENE_NOT_GLB', `This GLB file has version ${view.getUint32(4, true)}; only version 2 is read.`)
  if (view.getUint32(8, true) !== file.length)
    refuse('SCENE_TRUNCATED', `The scene file says it has ${view.getUint32(8, true)} bytes, but has ${file.length}.`)
  const first = readChunk(file, view, headerBytes)
  if (first.kind !== jsonChunk) refuse('SCENE_MALFORMED', 'The scene file does not begin with its description.')
  let binary: Uint8Array = new Uint8Array(0)
  let at = headerBytes + 8 + first.bytes.length
  for (let position = 1; at < file.length; position++) {
    const chunk = readChunk(file, view, at)
    if (chunk.kind === binaryChunk) {
      if (position !== 1) refuse('SCENE_MALFORMED', 'The data of the scene file is not its second part.')
      binary = chunk.bytes
    }
    at += 8 + chunk.bytes.length
  }
  return { description: parseDescription(first.bytes), binary }
}
