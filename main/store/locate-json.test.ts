import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeOfOffset, placeOfPath, placeOfSyntaxError } from './locate-json.ts'

test('every JSON text is walked to its end', () => {
  fc.assert(
    fc.property(fc.json(), fc.boolean(), (json, pretty) => {
      const text = pretty ? JSON.stringify(JSON.parse(json), null, 2) : json
      expect(placeOfSyntaxError(text)).toEqual(placeOfOffset(text, text.length))
    }),
  )
})

test('a comma too many, a missing quote and an end too early are found', () => {
  expect(placeOfSyntaxError('{\n  "a": 1,\n}')).toEqual({ line: 3, column: 1 })
  expect(placeOfSyntaxError('{\n  "a: 1\n}')).toEqual({ line: 2, column: 3 })
  expect(placeOfSyntaxError('{\n  "a": [1, 2')).toEqual({ line: 2, column: 13 })
})

test('a path is found inside its parent, not in a namesake before it', () => {
  const text = JSON.stringify({ on: true, roles: { relay: { on: 1 } } }, null, 2)
  expect(placeOfPath(text, ['roles', 'relay', 'on']).line).toBe(5)
})
