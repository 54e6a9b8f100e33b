import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HearthError } from '../../../roles/api/errors.ts'
import { exitCodeOf } from './exit-code.ts'
import { errorLine, oneLine } from './one-line.ts'
import { createOutput } from './output.ts'
import { parseSize, parseWholeNumber } from './parse-size.ts'
import { drawBar } from './progress-bar.ts'
import { toJsonLine } from './to-json-line.ts'

const terminal = (isTTY: boolean) => {
  let text = ''
  return { isTTY, columns: 60, write: (more: string) => void (text += more), text: () => text }
}

test('one JSON object a line: amounts as decimal strings, unknown as null', () => {
  expect(toJsonLine({ wei: 10n ** 24n, missing: undefined, line: 'a\nb' })).toBe(
    '{"wei":"1000000000000000000000000","missing":null,"line":"a\\nb"}',
  )
})

test('with --json standard output carries results only', () => {
  const stdout = terminal(true)
  const stderr = terminal(true)
  const output = createOutput({ json: true, stdout, stderr })
  output.text('for people')
  output.note('a remark')
  output.progress('work').update({ done: 1, total: 2 })
  output.result({ a: 1 }, () => ['not this'])
  expect(stdout.text()).toBe('{"a":1}\n')
  expect(stderr.text()).toContain('a remark')
})

test('a pipe gets the line that scripts wait for, a terminal does not', () => {
  const pipe = terminal(false)
  createOutput({ json: false, stdout: pipe, stderr: terminal(false) }).machine({ ready: true })
  expect(pipe.text()).toBe('{"ready":true}\n')
  const screen = terminal(true)
  createOutput({ json: false, stdout: screen, stderr: terminal(false) }).machine({ ready: true })
  expect(screen.text()).toBe('')
})

test('progress is silent off a terminal and fits on one', () => {
  const file = terminal(false)
  const bar = createOutput({ json: false, stdout: file, stderr: file }).progress('x')
  bar.update({ done: 1, total: 2 })
  bar.end()
  expect(file.text()).toBe('')
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 200 }), (done, total, columns) => {
      expect(drawBar({ label: 'storing', done, total, unit: 'bytes' }, columns).length).toBeLessThan(
        Math.max(columns, 1) + 1,
      )
    }),
  )
})

test('whatever an error says, it is one printable line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(/[\p{Cc}\p{Zl}\p{Zp}]/u.test(oneLine(text))).toBe(false)
    }),
  )
  expect(errorLine(new HearthError('X', 'It broke.\n\u001b[2J', { action: 'Mend it.' }))).toBe(
    'hearth: It broke. [2J Mend it.',
  )
  expect(errorLine('plain')).toBe('hearth: plain')
})

test.each([
  ['USAGE', 2],
  ['NO_NETWORK', 2],
  ['NETWORK_FILE_INVALID', 2],
  ['SETTINGS_INVALID', 2],
  ['MANIFEST_TRUNCATED', 2],
  ['NOT_A_MANIFEST', 2],
  ['FILE_NOT_FOUND', 2],
  ['TIMEOUT', 1],
  ['CANCELLED', 1],
  ['TOO_FEW_PROVIDERS', 1],
])('%s ends with %i', (code, exit) => {
  expect(exitCodeOf(new HearthError(code, ''))).toBe(exit)
})

test('a bug is a failure', () => {
  expect(exitCodeOf(new TypeError('x'))).toBe(1)
})

test.each([
  ['500GiB', 500 * 1024 ** 3],
  ['1.5t', 1.5 * 1024 ** 4],
  ['10 MB', 10 * 1024 ** 2],
  ['1048576', 1048576],
  ['7b', 7],
])('reads the size %s', (text, bytes) => {
  expect(parseSize(text, '--limit')).toBe(bytes)
})

test.each(['', '0', '-1', '1e9', 'GiB', '5 apples', '99999999999999999T', 'NaN', '0x10', '1,5G'])(
  'refuses the size "%s"',
  (text) => {
    expect(() => parseSize(text, '--limit')).toThrow(/--limit/)
  },
)

test.each(['0', '65536', '1.5', '+1', ' 1', 'one', ''])('refuses the port "%s"', (text) => {
  expect(() => parseWholeNumber(text, '--port', { min: 1, max: 65535 })).toThrow(/--port/)
})
