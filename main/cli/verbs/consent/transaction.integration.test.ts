import { parseEther } from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEarningWorld, type EarningWorld } from '../../../app/testing/earning-world.ts'
import {
  createPracticeLedger,
  pressAlways,
  servePracticeLedger,
  singleKey,
  type Decision,
} from '../../../wallet/index.ts'
import { hearthIn } from '../testing/hearth-in.ts'

let world: EarningWorld
let operator: string

beforeAll(async () => {
  world = await openEarningWorld()
  world.newHome()
  await world.home().network.write(world.chain.network)
  operator = (await world.home().keys.ensureKey('operator')).address
}, 60_000)
afterAll(async () => {
  await world.endHome()
  await world.close()
})

const hearth = (...args: string[]) => hearthIn(world.directory(), world.directory())(args)

const json = (stdout: string) => JSON.parse(stdout) as Record<string, unknown>

/** A practice Ledger over the emulator's HTTP interface; `screens` is what a person saw, page by page. */
async function withLedger(
  o: { decision: Decision; blindSigning: boolean; model?: 'touch' | 'twoButton' },
  use: (ledger: string, screens: string[]) => Promise<void>,
): Promise<void> {
  const keys = singleKey(() => world.home().keys.ensureKey('operator'))
  const ledger = createPracticeLedger({ keys, model: o.model ?? 'touch' })
  ledger.setBlindSigning(o.blindSigning)
  const screens: string[] = []
  ledger.onChange(({ lines, pages }) => void (pages > 1 && screens.push(lines.join(' '))))
  const server = await servePracticeLedger(ledger, { port: null })
  const undo = pressAlways(ledger, o.decision)
  try {
    await use(`speculos:${server.host}:${server.port}`, screens)
  } finally {
    undo()
    await server.close()
  }
}

describe('--transaction', () => {
  test('of a Ledger account without coin: exit 1 with words and the way on, and the device shows nothing', async () => {
    await withLedger({ decision: 'approve', blindSigning: true }, async (ledger, screens) => {
      const { code, stdout, stderr } = await hearth('authorize', '--transaction', '--ledger', ledger)
      expect([code, stdout, screens]).toEqual([1, '', []])
      expect(stderr).toContain(`your own account ${operator} gas, and it holds none of the chain's coin`)
      expect(stderr).toContain('Sign the readable text instead')
    })
    await (await world.treasury.sendTransaction({ to: operator, value: parseEther('1') })).wait()
  })

  test('with blind signing off: said what it needs before the device is asked, then refused by the device', async () => {
    await withLedger({ decision: 'approve', blindSigning: false }, async (ledger) => {
      const { code, stdout, stderr } = await hearth('authorize', '--transaction', '--ledger', ledger)
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr.indexOf('This needs blind signing')).toBeGreaterThan(0)
      expect(stderr.indexOf('This needs blind signing')).toBeLessThan(stderr.indexOf('blind signing is off'))
      expect(await world.chain.provider.getTransactionCount(operator)).toBe(0)
    })
  })

  test.each(['touch', 'twoButton'] as const)(
    'refused behind "Blind signing ahead" on a %s screen: exit 1, nothing is sent and nothing is kept',
    async (model) => {
      await withLedger({ decision: 'refuse', blindSigning: true, model }, async (ledger, screens) => {
        const { code, stderr } = await hearth('authorize', '--transaction', '--ledger', ledger)
        expect([code, stderr.includes('You refused it on the device.')]).toEqual([1, true])
        expect(screens[0]).toContain('Blind signing')
      })
      expect(await world.chain.provider.getTransactionCount(operator)).toBe(0)
      expect(await world.home().signedSentences(world.chain.network).list()).toEqual([])
    },
  )

  test('agreed to: authorize, claim, stake and transfer land, each paid by the Ledger account', async () => {
    await withLedger({ decision: 'approve', blindSigning: true }, async (ledger, screens) => {
      const on = ['--transaction', '--ledger', ledger, '--json']
      const bound = await hearth('authorize', ...on)
      expect(json(bound.stdout)).toMatchObject({ kind: 'authorize', form: 'transaction', operator, feeWei: '0' })
      expect(screens[0]).toContain('Blind signing ahead')
      const hash = /Transaction hash\s+(0x[0-9a-f]{64})/.exec(bound.stderr)?.[1] ?? 'no hash'
      expect(screens.join('').replaceAll(' ', '')).toContain(hash)
      await world.earn('20')
      const claimed = json((await hearth('claim', '3', ...on)).stdout)
      expect(claimed).toMatchObject({ amountWei: String(parseEther('3')), feeWei: '0' })
      expect(BigInt(String(claimed['operatorFeeWei']))).toBeGreaterThan(0n)
      expect(await world.balanceOf(operator)).toBe(parseEther('3'))
      expect(json((await hearth('stake', '1', ...on)).stdout)).toMatchObject({ provisionWei: String(parseEther('1')) })
      expect((await hearth('transfer', world.customer.address, '1', ...on)).code).toBe(0)
      expect(await world.chain.provider.getTransactionCount(operator)).toBe(4)
      expect(json((await hearth('earnings', '--json')).stdout)).toMatchObject({ reconciles: true })
    })
  }, 60_000)

  test('where nobody signs it has no place: exit 2', async () => {
    for (const words of [['payout'], ['payout', '--finish'], ['unstake', '--withdraw']]) {
      expect([words, (await hearth(...words, '--transaction')).code]).toEqual([words, 2])
    }
  })
})
