import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { previewPixels, watermarkPreview } from './watermark.ts'

describe('a preview', () => {
  it('is small, opaque and marked across, whatever the picture', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), (width, height) => {
        const preview = watermarkPreview({ width, height, rgba: new Uint8Array(width * height * 4).fill(250) })
        expect(Math.max(preview.width, preview.height)).toBeLessThanOrEqual(previewPixels)
        expect(preview.rgba.length).toBe(preview.width * preview.height * 4)
        const reds = preview.rgba.filter((_byte, index) => index % 4 === 0)
        expect(preview.rgba.every((byte, index) => index % 4 !== 3 || byte === 255)).toBe(true)
        if (preview.width >= 24 && preview.height >= 24) {
          const marked = reds.filter((red) => red !== 250).length / reds.length
          expect(marked).toBeGreaterThan(0.35)
          expect(marked).toBeLessThan(0.65)
        }
      }),
    )
  })
})
