import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listDataSets } from '../../../contracts/client/index.ts'
import { putFile } from './put-file.ts'
import { removeFile } from './remove-file.ts'
import { startMarketTown, type MarketTown } from './testing/start-market-town.ts'

let town: MarketTown
let source: string

beforeAll(async () => {
  town = await startMarketTown({ providers: 15 })
  source = join(town.directory, 'file')
  writeFileSync(source, randomBytes(200_000))
}, 180_000)

afterAll(() => town?.stop(), 60_000)

const statesOfSets = async (): Promise<string[]> =>
  (await listDataSets(town.test.chain, { customer: town.context.wallet.address })).map((set) => set.state)

it('a customer who took everything back is told to wait a while, and can then store with the same homes again', async () => {
  const { manifest } = await putFile(town.context, { source, pathName: 'first' })
  const removing = removeFile(town.context, { manifest, wait: true })
  await town.test.passSeconds(60)
  await removing
  expect(new Set(await statesOfSets())).toEqual(new Set(['ended']))
  await expect(putFile(town.context, { source, pathName: 'second' })).rejects.toMatchObject({
    code: 'TOO_FEW_PROVIDERS',
    action: 'Try later. Most often: your earlier files there ended a short while ago (12)',
  })
  // The records of a set may be cleared a minute after its end.
  await town.test.passSeconds(70)
  const { summary } = await putFile(town.context, { source, pathName: 'second' })
  expect(summary.pieces).toBe(12)
  expect(await statesOfSets()).not.toContain('ended')
}, 180_000)
