import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { canBindManyAddresses, listenAddress } from './listen-address.ts'

test('each neighbour has an address of its own where the system allows it', () => {
  const addresses = Array.from({ length: 64 }, (_, index) => listenAddress(index, true))
  expect(new Set(addresses).size).toBe(64)
  expect(addresses.some((address) => address.includes('/127.0.0.1/'))).toBe(false)
  expect(listenAddress(5, false)).toBe('/ip4/127.0.0.1/tcp/0')
})

test('says what a bind says', async () => {
  const can = await canBindManyAddresses()
  const bound = await new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.9.1', port: 0 }, () => server.close(() => resolve(true)))
  })
  expect(can).toBe(bound)
})
