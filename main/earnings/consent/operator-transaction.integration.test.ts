import { parseEther, Transaction, Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readNode, readPayout, readStake, readTokenBalance } from '../../../contracts/client/index.ts'
import { roleNames } from '../../../roles/api/roles.ts'
import { consentReviewSchema, type ConsentRequest } from '../../api/wallet.ts'
import { countingDevice, openConsentWorld, type ConsentWorld } from '../testing/consent-world.ts'

let world: ConsentWorld

beforeAll(async () => {
  world = await openConsentWorld()
}, 60_000)
afterAll(() => world.close())

const claim = (micro: bigint) => ({ kind: 'claim', micro: micro.toString() }) as const
const provider = () => world.chain.chain.provider
const coins = () => provider().getBalance(world.operator.address)

async function fund(address: string, wei: bigint): Promise<void> {
  await (await world.chain.funder.sendTransaction({ to: address, value: wei })).wait()
}

const give = async (request: ConsentRequest) =>
  world.send(await world.sign(await world.prepareTransaction(request)), refusingSender)

/** The gas account, which has nothing to do with a transaction of the operator's. */
const refusingSender = { ...{ address: '', close: () => {} }, send: () => Promise.reject(new Error('asked')) }

describe('a transaction in place of the signed text', () => {
  test('of an account without coin is refused in words, with the way on, before the device is asked', async () => {
    await expect(world.prepareTransaction({ kind: 'authorize' })).rejects.toMatchObject({
      code: 'OPERATOR_CANNOT_PAY',
      message: expect.stringContaining("it holds none of the chain's coin") as string,
      action: expect.stringContaining('Sign the readable text instead') as string,
    })
    await fund(world.operator.address, 1n)
    await expect(world.prepareTransaction({ kind: 'authorize' })).rejects.toMatchObject({
      message: expect.stringContaining('too little') as string,
    })
    expect(world.device.asked).toBe(0)
  })

  test('every kind of consent lands by it, paid by the operator, not by the gas account', async () => {
    await fund(world.operator.address, parseEther('1'))
    const { chain } = world.chain
    const gasBefore = await provider().getBalance(world.gas.address)
    const landed = await give({ kind: 'authorize' })
    expect(landed).toMatchObject({ feeWei: 0n })
    expect(landed.operatorFeeWei).toBeGreaterThan(0n)
    expect((await provider().getTransaction(landed.transactionHash))?.from).toBe(world.operator.address)
    const entries = await Promise.all(roleNames.map((role) => readNode(chain, world.roleKeys[role].address)))
    expect(entries.every((entry) => entry?.operator === world.operator.address)).toBe(true)

    await world.earn('40')
    const before = await readTokenBalance(chain, world.operator.address)
    await give(claim(12_345_678n))
    expect((await readTokenBalance(chain, world.operator.address)) - before).toBe(12_345_678n * 10n ** 12n)
    const to = Wallet.createRandom().address
    await give({ kind: 'transfer', to, micro: '1500000' })
    expect(await readTokenBalance(chain, to)).toBe(parseEther('1.5'))
    await give({ kind: 'stake', micro: '2000000' })
    await give({ kind: 'unstake', micro: '500000' })
    expect(await readStake(chain, world.operator.address)).toMatchObject({
      stakedWei: parseEther('2'),
      unbondingWei: parseEther('0.5'),
    })
    await give({ kind: 'payout', to })
    expect((await readPayout(chain, world.operator.address)).change?.address).toBe(to)
    await give({ kind: 'cancelPayout' })
    expect((await readPayout(chain, world.operator.address)).change).toBeNull()
    await give({ kind: 'revoke', role: 'relay' })
    expect(await readNode(chain, world.roleKeys.relay.address)).toMatchObject({ revoked: true })
    expect(await provider().getBalance(world.gas.address)).toBe(gasBefore)
    expect(await world.signed.list()).toEqual([])
  }, 60_000)

  test('the review says who pays and the most that it costs, and it never costs more', async () => {
    const before = await coins()
    const prepared = await world.prepareTransaction(claim(1_000_000n))
    const { transaction, gasWei } = consentReviewSchema.parse(prepared.review)
    expect(transaction).toMatchObject({ from: world.operator.address, balanceWei: before.toString() })
    expect(Transaction.from(transaction!.unsigned)).toMatchObject({ unsignedHash: transaction!.hash, value: 0n })
    const { operatorFeeWei } = await world.send(await world.sign(prepared))
    expect(before - (await coins())).toBe(operatorFeeWei)
    expect(operatorFeeWei).toBeLessThanOrEqual(BigInt(transaction!.mostWei))
    // The estimate is what the person is told, so it must not flatter.
    expect(BigInt(gasWei) * 12n).toBeGreaterThan(operatorFeeWei * 10n)
  })
})

describe('attacks and mishaps', () => {
  test('a tampered renderer that swaps the transaction, drops it or adds one: nothing is signed', async () => {
    const { asked } = world.device
    const swap = async (change: (unsigned: string) => string | undefined) => {
      const prepared = await world.prepareTransaction(claim(1_000_000n))
      const { signConsent } = await import('./sign-consent.ts')
      const unsigned = change(prepared.review.transaction!.unsigned)
      const shown = { text: prepared.review.text, unsigned }
      return signConsent({ ...shown, prepared, ...rest() })
    }
    const rest = () => ({ subject: world.subject, device: world.device, onAsk: () => {}, signal: world.signal })
    const thief = Wallet.createRandom().address
    const swaps = [
      (unsigned: string) => {
        const other = Transaction.from(unsigned)
        other.to = thief
        return other.unsignedSerialized
      },
      (unsigned: string) => `${unsigned}00`,
      () => undefined,
    ]
    for (const change of swaps) await expect(swap(change)).rejects.toMatchObject({ code: 'REVIEW_TAMPERED' })
    const { signConsent } = await import('./sign-consent.ts')
    const text = await world.prepare(claim(1_000_000n))
    const added = signConsent({ prepared: text, text: text.review.text, unsigned: '0x02', ...rest() })
    await expect(added).rejects.toMatchObject({ code: 'REVIEW_TAMPERED' })
    expect(world.device.asked).toBe(asked)
  })

  test('a device that signs another transaction than the one it was given: its answer is not used', async () => {
    const prepared = await world.prepareTransaction(claim(1_000_000n))
    const lying = {
      ...countingDevice(world.operator),
      signTransaction: async (_path: string, unsigned: string) => {
        const other = Transaction.from(unsigned)
        other.to = Wallet.createRandom().address
        return world.operator.signTransaction(other)
      },
    }
    await expect(world.sign(prepared, undefined, lying)).rejects.toMatchObject({ code: 'REVIEW_TAMPERED' })
    const stranger = countingDevice(new Wallet(Wallet.createRandom().privateKey))
    const swapped = { ...stranger, getAddress: async () => world.operator.address }
    await expect(world.sign(prepared, undefined, swapped)).rejects.toMatchObject({ code: 'OTHER_ACCOUNT' })
    expect(await world.signed.list()).toEqual([])
  })

  test('account that sent another transaction since the review, or is empty since: refused before the device is asked', async () => {
    const prepared = await world.prepareTransaction(claim(1_000_000n))
    const { asked } = world.device
    await (await world.operator.connect(provider()).sendTransaction({ to: world.operator.address })).wait()
    await expect(world.sign(prepared)).rejects.toMatchObject({ code: 'REVIEW_OUTDATED' })
    const next = await world.prepareTransaction(claim(1_000_000n))
    const held = await coins()
    await provider().send('anvil_setBalance', [world.operator.address, '0x1'])
    await expect(world.sign(next)).rejects.toMatchObject({ code: 'OPERATOR_CANNOT_PAY' })
    await provider().send('anvil_setBalance', [world.operator.address, `0x${held.toString(16)}`])
    expect(world.device.asked).toBe(asked)
  })

  test('stale number and balance changed between review and claim: in the same words as for a text', async () => {
    const stale = await world.prepareTransaction(claim(1_000_000n))
    await world.give(claim(2_000_000n))
    await expect(world.sign(stale)).rejects.toMatchObject({ code: 'NUMBER_USED' })
    const most = (await world.earnings()).claimableWei / 10n ** 12n
    const prepared = await world.prepareTransaction(claim(most))
    await world.give({ kind: 'stake', micro: '1000000' })
    await expect(world.sign(prepared)).rejects.toMatchObject({ code: 'NOT_ENOUGH_EARNED' })
  })

  test('a text with the same number that lands first: the transaction costs nothing and is told which did', async () => {
    const signed = await world.sign(await world.prepareTransaction(claim(1_000_000n)))
    await world.give(claim(2_000_000n))
    const before = await coins()
    await expect(world.send(signed)).rejects.toMatchObject({ code: 'OTHER_SENTENCE_LANDED' })
    expect(await coins()).toBe(before)
    expect(await world.signed.list()).toEqual([])
  })

  test('transaction replaced by another one of the account: told so, and forgotten', async () => {
    const signed = await world.sign(await world.prepareTransaction(claim(1_000_000n)))
    await world.signed.keep(signed)
    const before = await world.earnings()
    await (await world.operator.connect(provider()).sendTransaction({ to: world.operator.address })).wait()
    await expect(world.send(signed)).rejects.toMatchObject({ code: 'TRANSACTION_REPLACED' })
    expect((await world.earnings()).claimedWei).toBe(before.claimedWei)
    expect(await world.signed.list()).toEqual([])
  })

  test('transaction replaced by one with a higher fee that does the same: counts as landed, and is paid once', async () => {
    const signed = await world.sign(await world.prepareTransaction(claim(1_000_000n)))
    const before = await world.earnings()
    const { to, data } = signed.call
    const faster = await (await world.operator.connect(provider()).sendTransaction({ to, data })).wait()
    expect(await world.send(signed)).toMatchObject({ transactionHash: faster!.hash, operatorFeeWei: 0n })
    expect((await world.earnings()).claimedWei - before.claimedWei).toBe(parseEther('1'))
  })

  test('crash after it was signed: it is kept, sent at the next start, and paid once', async () => {
    const signed = await world.sign(await world.prepareTransaction(claim(1_000_000n)))
    await world.signed.keep(signed)
    const before = await world.earnings()
    const [kept] = await world.signed.list()
    const first = await world.send(kept!)
    // A crash between mining and noting: the same comes once more.
    expect(await world.send(kept!)).toEqual(first)
    expect((await world.earnings()).claimedWei - before.claimedWei).toBe(parseEther('1'))
    expect(await world.signed.list()).toEqual([])
  })
})
