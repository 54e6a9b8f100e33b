import { Wallet, parseEther } from 'ethers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  composePayoutSentence,
  encodeChangePayout,
  encodeFinishPayout,
  openChain,
  readLatestBlock,
  readOperatorNumbers,
  readPayout,
  sendAndWait,
  sentenceDeadline,
} from '../../contracts/client/index.ts'
import { openEarningWorld, type EarningWorld } from './testing/earning-world.ts'

const timeoutMs = 30_000
let world: EarningWorld

beforeAll(async () => {
  world = await openEarningWorld()
}, 60_000)
afterAll(() => world.close())
beforeEach(() => world.newHome())
afterEach(() => world.endHome())

const claim = (micro: number) => ({ kind: 'claim', micro: String(micro) }) as const

describe('the payout address', () => {
  const strange = '0x00000000000000000000000000000000000000A1'
  const passSeconds = async (seconds: number) => {
    await world.chain.provider.send('evm_increaseTime', [seconds])
    await world.chain.provider.send('evm_mine', [])
  }

  test('changed with the device: announced, waits, takes effect by itself, and is paid', async () => {
    const engine = await world.startEarning()
    const { operator } = engine.snapshot()
    const to = Wallet.createRandom().address
    const review = await engine.wallet.prepare({ kind: 'payout', to })
    await engine.wallet.sign(review)
    const payout = () => engine.snapshot().wallet?.payout
    await expect.poll(payout, { timeout: 5_000 }).toMatchObject({ address: operator, differs: false, pending: { to } })
    expect(await world.codes(engine)).toEqual(expect.arrayContaining(['payoutAnnounced', 'payoutChangeWaiting']))
    await expect(engine.wallet.finishPayout()).rejects.toMatchObject({ code: 'PAYOUT_WAITING' })
    await passSeconds(61)
    await expect
      .poll(payout, { timeout: 25_000 })
      .toMatchObject({ address: to, confirmedAddress: to, pending: null, differs: false })
    expect(await world.codes(engine)).toContain('payoutChanged')
    const paid = await engine.wallet.prepare(claim(2_000_000))
    expect(paid.text).toContain(to.toLowerCase())
    expect(paid.warnings.map(({ code }) => code)).not.toContain('payoutDiffers')
    await engine.wallet.sign(paid)
    expect(await world.balanceOf(to)).toBe(parseEther('2'))
  }, 90_000)

  test('changed by a thief with the key elsewhere: warned of at once, never finished from here, and cancelled in time', async () => {
    const engine = await world.startEarning()
    const { operator } = engine.snapshot()
    await announceElsewhere(strange)
    const payout = () => engine.snapshot().wallet?.payout
    await expect.poll(payout, { timeout: 25_000 }).toMatchObject({ pending: { to: strange }, differs: false })
    expect(await world.codes(engine)).toContain('payoutChangeStrange')
    await passSeconds(61)
    await expect(engine.wallet.finishPayout()).rejects.toMatchObject({ code: 'PAYOUT_NOT_CONFIRMED' })
    const warned = await engine.wallet.prepare(claim(1_000_000))
    expect(warned.warnings.map(({ code }) => code)).toContain('payoutChangeStrange')
    await engine.wallet.sign(await engine.wallet.prepare({ kind: 'cancelPayout' }))
    await expect.poll(payout, { timeout: 5_000 }).toMatchObject({ address: operator, pending: null, differs: false })
    await expect(engine.wallet.prepare({ kind: 'cancelPayout' })).rejects.toMatchObject({ code: 'NO_PAYOUT_CHANGE' })
  }, 90_000)

  test('a chain that names an address which no device confirmed here: red, and a warning on every claim', async () => {
    const engine = await world.startEarning()
    await announceElsewhere(strange)
    await passSeconds(61)
    const { operator } = engine.snapshot()
    await sendAndWait(world.treasury, encodeFinishPayout(world.chain.network, { operator: operator! }), { timeoutMs })
    await expect
      .poll(() => engine.snapshot().wallet?.payout, { timeout: 25_000 })
      .toMatchObject({ address: strange, confirmedAddress: null, differs: true })
    const { warnings } = await engine.wallet.prepare(claim(1_000_000))
    expect(warnings).toContainEqual({ code: 'payoutDiffers', values: { payout: strange, confirmed: operator } })
  }, 90_000)

  /** A payout change that this home knows nothing of. */
  async function announceElsewhere(to: string): Promise<void> {
    const reader = openChain(world.chain.network)
    const { keys } = world.home()
    const operator = new Wallet((await keys.ensureKey('operator')).privateKeyHex)
    const { next: number } = await readOperatorNumbers(reader, operator.address, 'payout')
    const deadlineSeconds = sentenceDeadline((await readLatestBlock(reader)).timestampSeconds)
    const { waitSeconds } = await readPayout(reader, operator.address)
    const text = composePayoutSentence(world.chain.network, { number, deadlineSeconds, to, waitSeconds })
    const signature = await operator.signMessage(text)
    const terms = { number, deadlineSeconds, signature, operator: operator.address, to }
    await sendAndWait(world.treasury, encodeChangePayout(world.chain.network, terms), { timeoutMs })
    reader.close()
  }
})
