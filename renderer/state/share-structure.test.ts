import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareStructure } from './share-structure.ts'

test('the result always equals the next value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (previous, next) => {
      expect(shareStructure(previous, next)).toEqual(next)
    }),
  )
})

test('an equal value is the previous object itself', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(shareStructure(value, structuredClone(value))).toBe(value)
    }),
  )
})

test('parts that did not change keep their identity beside one that did', () => {
  const previous = { roles: [{ name: 'storage' }, { name: 'relay' }], version: { text: '1' }, gone: 1 }
  const next = { roles: [{ name: 'storage' }, { name: 'energy' }], version: { text: '1' } }
  const shared = shareStructure(previous, next)
  expect(shared).toEqual(next)
  expect(shared.version).toBe(previous.version)
  expect(shared.roles[0]).toBe(previous.roles[0])
  expect(shared.roles).not.toBe(previous.roles)
})

test('a picture is one value: kept when it is the same, replaced as a whole when a point of it changed', () => {
  const previous = { preview: { width: 2, rgba: Uint8Array.of(1, 2, 3) } }
  expect(shareStructure(previous, structuredClone(previous))).toBe(previous)
  const changed = { preview: { width: 2, rgba: Uint8Array.of(1, 2, 4) } }
  expect(shareStructure(previous, changed).preview.rgba).toBe(changed.preview.rgba)
})
