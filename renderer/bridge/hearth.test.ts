import { afterEach, expect, test, vi } from 'vitest'
import { request, subscribe } from './hearth.ts'

afterEach(() => vi.unstubAllGlobals())

test('an answer that never comes ends in a failure that says how long was waited', async () => {
  vi.stubGlobal('window', { hearth: { request: () => new Promise(() => {}), subscribe: () => () => {} } })
  const result = await request('snapshot:get', undefined, { timeoutMs: 20 })
  expect(result).toEqual({ ok: false, error: { code: 'TIMEOUT', message: '20', action: null } })
})

test('a bug on the way is a value like any other failure', async () => {
  const broken = (): Promise<never> => Promise.reject(new Error('the pipe is gone'))
  vi.stubGlobal('window', { hearth: { request: broken, subscribe: () => () => {} } })
  const result = await request('snapshot:get', undefined)
  expect(result).toEqual({ ok: false, error: { code: 'UNEXPECTED', message: 'the pipe is gone', action: null } })
})

test('outside the app there is nothing to listen to and nothing to undo', () => {
  vi.stubGlobal('window', {})
  const undo = subscribe('snapshot:changed', () => {})
  expect(undo).not.toThrow()
})
