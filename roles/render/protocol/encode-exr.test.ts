import { FloatType } from 'three'
import { EXRLoader } from 'three/examples/jsm/loaders/EXRLoader.js'
import { expect, it } from 'vitest'
import { encodeExr } from './encode-exr.ts'

it('another program reads the very light back, the right way up and in the right colours', () => {
  const [width, height] = [7, 5]
  const light = Float32Array.from({ length: width * height * 3 }, (_unused, index) => Math.fround(index * 1.7 - 3))
  const loader = new EXRLoader()
  loader.setDataType(FloatType)
  const read = loader.parse(encodeExr({ width, height, light }).buffer as ArrayBuffer)
  expect([read.width, read.height]).toEqual([width, height])
  const data = read.data as Float32Array
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // The loader turns rows round, as textures have them.
      const at = 4 * ((height - 1 - y) * width + x)
      expect([...data.subarray(at, at + 3)]).toEqual([...light.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)])
    }
  }
})
