import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAllowedMethod, isSteady, judgeRequest } from './proxy-policy.ts'

const good = {
  method: 'POST',
  url: '/secret',
  host: '127.0.0.1:4000',
  origin: undefined,
  contentType: 'application/json; charset=utf-8',
}
const door = { port: 4000, token: 'secret' }

test('lets exactly the right envelope pass', () => {
  expect(judgeRequest(good, door)).toBeNull()
  expect(judgeRequest({ ...good, host: 'localhost:4000', url: '/secret/' }, door)).toBeNull()
})

test('no other path is the token', () => {
  fc.assert(
    fc.property(fc.string(), (path) => {
      fc.pre(path !== 'secret' && path !== 'secret/')
      expect(judgeRequest({ ...good, url: `/${path}` }, door)?.status).toBe(404)
    }),
  )
})

test('no other host is ours and every origin is foreign', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(text !== '127.0.0.1:4000' && text !== 'localhost:4000')
      expect(judgeRequest({ ...good, host: text }, door)?.status).toBe(403)
      expect(judgeRequest({ ...good, origin: text }, door)?.status).toBe(403)
    }),
  )
})

test.each(['anvil_', 'evm_', 'hardhat_', 'debug_', 'personal_', 'admin_', 'miner_', 'txpool_', 'trace_', 'wallet_'])(
  'no method of the family %s is offered',
  (family) => {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        expect(isAllowedMethod(`${family}${rest}`)).toBe(false)
      }),
    )
  },
)

test('answers about the pending block are never kept', () => {
  expect(isSteady('eth_call', [{}, 'latest'])).toBe(true)
  expect(isSteady('eth_call', [{}, 'pending'])).toBe(false)
  expect(isSteady('eth_getTransactionCount', ['0x', 'latest'])).toBe(false)
  expect(isSteady('eth_sendRawTransaction', ['0x'])).toBe(false)
})
