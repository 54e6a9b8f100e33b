/** A GLB of one triangle: the smallest file that passes the checks a node makes. `name` makes different files of it. */
export function tinyScene(name = 'triangle'): Uint8Array<ArrayBuffer> {
  const binary = new Uint8Array(new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]).buffer)
  const description = {
    asset: { version: '2.0', generator: name },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
    accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: 'VEC3', min: [0, 0, 0], max: [1, 1, 0] }],
    bufferViews: [{ buffer: 0, byteOffset: 0, byteLength: binary.length }],
    buffers: [{ byteLength: binary.length }],
  }
  const text = new TextEncoder().encode(JSON.stringify(description))
  const json = new Uint8Array(Math.ceil(text.length / 4) * 4).fill(0x20)
  json.set(text)
  const file = new Uint8Array(12 + 8 + json.length + 8 + binary.length)
  const view = new DataView(file.buffer)
  ;[0x46546c67, 2, file.length, json.length, 0x4e4f534a].forEach((word, index) => view.setUint32(index * 4, word, true))
  file.set(json, 20)
  view.setUint32(20 + json.length, binary.length, true)
  view.setUint32(24 + json.length, 0x004e4942, true)
  file.set(binary, 28 + json.length)
  return file
}
