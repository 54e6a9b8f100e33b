import { expect, it } from 'vitest'
import { AddressPool } from './address-pool.ts'

it('hands areas out in the order of asking and never one to two', async () => {
  const pool = new AddressPool([1, 2])
  const held = [await pool.acquire(), await pool.acquire()]
  expect(new Set(held).size).toBe(2)
  const order: string[] = []
  const third = pool.acquire().then((address) => (order.push('third'), address))
  const fourth = pool.acquire().then((address) => (order.push('fourth'), address))
  pool.release(held[0]!)
  pool.release(held[1]!)
  expect([await third, await fourth]).toEqual(held)
  expect(order).toEqual(['third', 'fourth'])
})

it('lets go of whoever stopped waiting, without losing an area', async () => {
  const pool = new AddressPool([7])
  await pool.acquire()
  const cancel = new AbortController()
  const waiting = pool.acquire({ signal: cancel.signal })
  const next = pool.acquire()
  cancel.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' })
  pool.release(7)
  expect(await next).toBe(7)
  await expect(pool.acquire({ signal: cancel.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
})
