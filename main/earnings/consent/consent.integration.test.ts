import { parseEther, Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createTransactionSender,
  readMachineAllowance,
  readNode,
  readStake,
  readTokenBalance,
} from '../../../contracts/client/index.ts'
import { fundedWallet } from '../../../contracts/script/testing/actors.ts'
import { roleNames } from '../../../roles/api/roles.ts'
import { consentReviewSchema } from '../../api/wallet.ts'
import { countingDevice, openConsentWorld, type ConsentWorld } from '../testing/consent-world.ts'

let world: ConsentWorld

beforeAll(async () => {
  world = await openConsentWorld()
}, 60_000)
afterAll(() => world.close())

const claim = (micro: bigint) => ({ kind: 'claim', micro: micro.toString() }) as const
const balance = () => readTokenBalance(world.chain.chain, world.operator.address)

describe('a consent', () => {
  test('authorize: one sentence binds all keys of the machine, within its limits', async () => {
    const shown: string[] = []
    await world.give({ kind: 'authorize' }, shown)
    expect(shown[0]!.split('\n').slice(0, 4)).toEqual([
      ...['PRACTICE, no value', 'Hearth: authorize', 'May risk 100.000000 PLAY', 'May spend 10.000000 PLAY a day'],
    ])
    const { chain } = world.chain
    const entries = await Promise.all(roleNames.map((role) => readNode(chain, world.roleKeys[role].address)))
    expect(entries.map((entry) => [entry?.role, entry?.operator])).toEqual(
      roleNames.map((role) => [role, world.operator.address]),
    )
    const allowance = await readMachineAllowance(chain, world.operator.address, entries[0]!.authorization)
    expect(allowance).toMatchObject({ riskWei: parseEther('100'), spendPerDayMicro: 10_000_000n })
  })

  test('claim: pays exactly the signed amount, the rest stays, and the books balance', async () => {
    await world.earn('40')
    const before = await balance()
    const prepared = await world.prepare(claim(12_345_678n))
    const review = consentReviewSchema.parse(prepared.review)
    expect(review.touchPages[0]!.slice(0, 3)).toEqual(['PRACTICE, no value', 'Hearth: claim', '12.345678 PLAY'])
    expect(review.warnings.map(({ code }) => code)).toEqual(['notHardware'])
    const landed = await world.send(await world.sign(prepared))
    expect((await balance()) - before).toBe(12_345_678n * 10n ** 12n)
    expect(landed.feeWei).toBeGreaterThan(0n)
    // The estimate is what the person is told, so it must not flatter.
    expect(BigInt(review.gasWei) * 12n).toBeGreaterThan(landed.feeWei * 10n)
    const { earnedWei, claimedWei, claimableWei, movedToStakeWei } = await world.earnings()
    expect(claimedWei).toBe(12_345_678n * 10n ** 12n)
    expect(earnedWei).toBe(claimedWei + claimableWei + movedToStakeWei)
    expect(await world.signed.list()).toEqual([])
  })

  test('transfer, stake, unstake and revoke land with what was reviewed', async () => {
    const to = Wallet.createRandom().address
    await world.give({ kind: 'transfer', to, micro: '1500000' })
    expect(await readTokenBalance(world.chain.chain, to)).toBe(parseEther('1.5'))
    await world.give({ kind: 'stake', micro: '2000000' })
    await world.give({ kind: 'unstake', micro: '500000' })
    const stake = await readStake(world.chain.chain, world.operator.address)
    expect(stake).toMatchObject({ stakedWei: parseEther('2'), unbondingWei: parseEther('0.5') })
    await world.give({ kind: 'revoke', role: 'relay' })
    expect(await readNode(world.chain.chain, world.roleKeys.relay.address)).toMatchObject({ revoked: true })
    // Revoking is idempotent and needs no number: the second changes nothing and is not refused.
    await world.give({ kind: 'revoke', role: 'relay' })
  })

  test('more than there is is refused in words before the device is asked', async () => {
    const { asked } = world.device
    await expect(world.prepare(claim(900_000_000n))).rejects.toMatchObject({
      code: 'NOT_ENOUGH_EARNED',
      message: expect.stringMatching(/^Only \d+\.\d{6} PLAY can be claimed now\.$/) as string,
    })
    const to = Wallet.createRandom().address
    await expect(world.prepare({ kind: 'transfer', to, micro: '900000000' })).rejects.toMatchObject({
      code: 'NOT_ENOUGH_TOKENS',
    })
    expect(world.device.asked).toBe(asked)
  })
})

describe('attacks and mishaps', () => {
  test('a tampered renderer that swaps payout or amount: nothing is signed', async () => {
    const prepared = await world.prepare(claim(1_000_000n))
    const { asked } = world.device
    const thief = Wallet.createRandom().address.toLowerCase()
    const swaps = [
      prepared.review.text.replace(/to 0x[0-9a-f]{40}/, `to ${thief}`),
      prepared.review.text.replace('1.000000', '9.000000'),
      `${prepared.review.text} `,
    ]
    for (const text of swaps) {
      await expect(world.sign(prepared, text)).rejects.toMatchObject({ code: 'REVIEW_TAMPERED' })
    }
    expect(world.device.asked).toBe(asked)
    await world.send(await world.sign(prepared))
  })

  test('refused on the device: everything is as it was and the number is not used up', async () => {
    const before = await world.earnings()
    const prepared = await world.prepare(claim(1_000_000n))
    const refusing = {
      ...countingDevice(world.operator),
      signPersonalMessage: () => Promise.reject(Object.assign(new Error('no'), { code: 'REFUSED', action: null })),
    }
    await expect(world.sign(prepared, undefined, refusing)).rejects.toMatchObject({ code: 'REFUSED' })
    expect(await world.earnings()).toEqual(before)
    expect((await world.prepare(claim(1_000_000n))).terms.number).toBe(prepared.terms.number)
  })

  test('stale number: a review that another claim overtook is refused before the device is asked', async () => {
    const stale = await world.prepare(claim(1_000_000n))
    await world.give(claim(2_000_000n))
    const { asked } = world.device
    await expect(world.sign(stale)).rejects.toMatchObject({ code: 'NUMBER_USED' })
    expect(world.device.asked).toBe(asked)
  })

  test('two claims at once: one lands, the other is told clearly which did', async () => {
    const [first, second] = await Promise.all([world.prepare(claim(1_000_000n)), world.prepare(claim(3_000_000n))])
    const [one, two] = await Promise.all([world.sign(first), world.sign(second)])
    const other = createTransactionSender(world.chain.chain, await fundedWallet(world.chain))
    const before = await balance()
    const ends = await Promise.allSettled([world.send(one), world.send(two, other)])
    const lost = ends.find((end) => end.status === 'rejected')
    expect(ends.filter((end) => end.status === 'fulfilled').length).toBe(1)
    expect(lost?.reason).toMatchObject({ code: 'OTHER_SENTENCE_LANDED', details: { number: one.number } })
    expect([parseEther('1'), parseEther('3')]).toContain((await balance()) - before)
    other.close()
  })

  test('a sentence that somebody else submits first counts as landed, and is paid once', async () => {
    const sentence = await world.sign(await world.prepare(claim(1_000_000n)))
    const before = await balance()
    const stranger = createTransactionSender(world.chain.chain, await fundedWallet(world.chain))
    const { hash } = await stranger.send(sentence.call)
    stranger.close()
    expect(await world.send(sentence)).toEqual({ transactionHash: hash, feeWei: 0n, operatorFeeWei: 0n })
    expect((await balance()) - before).toBe(parseEther('1'))
  })

  test('balance changed between review and claim: the new amount in words, and a fresh review works', async () => {
    const { claimableWei } = await world.earnings()
    const most = claimableWei / 10n ** 12n
    const prepared = await world.prepare(claim(most))
    await world.give({ kind: 'stake', micro: '1000000' })
    const { asked } = world.device
    await expect(world.sign(prepared)).rejects.toMatchObject({
      code: 'NOT_ENOUGH_EARNED',
      message: expect.stringContaining('can be claimed now') as string,
    })
    expect(world.device.asked).toBe(asked)
    await expect(world.prepare(claim(most - 1_000_000n))).resolves.toBeDefined()
  })

  test('wrong chain id: a server that answers for another chain gets nothing signed', async () => {
    const { chain } = world
    const elsewhere = { ...chain.chain, network: { ...chain.network, chainId: chain.network.chainId + 1 } }
    const subject = { ...world.subject, chain: elsewhere }
    const { prepareConsent } = await import('./prepare-consent.ts')
    const wrong = prepareConsent({
      ...{ subject, request: claim(1n), hardware: true, signal: world.signal },
      confirmed: { current: null, next: null },
    })
    await expect(wrong).rejects.toMatchObject({ code: 'WRONG_CHAIN' })
  })

  test('device of another account: its signature is not used', async () => {
    const prepared = await world.prepare(claim(1_000_000n))
    const other = countingDevice(new Wallet(Wallet.createRandom().privateKey))
    await expect(world.sign(prepared, undefined, other)).rejects.toMatchObject({ code: 'OTHER_ACCOUNT' })
    expect(other.asked).toBe(0)
    // One that is swapped between the two questions.
    const swapped = { ...other, getAddress: async () => world.operator.address }
    await expect(world.sign(prepared, undefined, swapped)).rejects.toMatchObject({ code: 'OTHER_ACCOUNT' })
  })

  test('a person who cancels while the device waits: a signature that comes later is thrown away', async () => {
    const prepared = await world.prepare(claim(1_000_000n))
    const cancel = new AbortController()
    let confirm = () => {}
    const late = {
      ...countingDevice(world.operator),
      signPersonalMessage: async (path: string, bytes: Uint8Array) => {
        await new Promise<void>((resolve) => (confirm = resolve))
        return countingDevice(world.operator).signPersonalMessage(path, bytes)
      },
    }
    const { signConsent } = await import('./sign-consent.ts')
    const signing = signConsent({
      ...{ subject: world.subject, prepared, text: prepared.review.text, device: late, signal: cancel.signal },
      onAsk: () => setTimeout(() => cancel.abort(), 20),
    })
    await expect(signing).rejects.toMatchObject({ code: 'CANCELLED' })
    confirm()
    expect(await world.signed.list()).toEqual([])
  })

  test('sentence withheld and submitted late: a later one with its number kills it, and past its deadline it never lands', async () => {
    const withheld = await world.sign(await world.prepare(claim(1_000_000n)))
    await world.give(claim(2_000_000n))
    await expect(world.send(withheld)).rejects.toMatchObject({ code: 'OTHER_SENTENCE_LANDED' })

    const late = await world.sign(await world.prepare(claim(1_000_000n)))
    const waiting = await world.prepare(claim(1_000_000n))
    await world.signed.keep(late)
    await world.chain.passSeconds(25 * 3600)
    const { asked } = world.device
    await expect(world.sign(waiting)).rejects.toMatchObject({ code: 'DEADLINE_PASSED' })
    expect(world.device.asked).toBe(asked)
    const before = await balance()
    await expect(world.send(late)).rejects.toMatchObject({ code: 'DEADLINE_PASSED' })
    expect(await balance()).toBe(before)
    expect(await world.signed.list()).toEqual([])
  })

  test('transaction dropped by the chain: sent again, and paid once', async () => {
    const { provider } = world.chain.chain
    const sentence = await world.sign(await world.prepare(claim(1_000_000n)))
    const before = await balance()
    await provider.send('evm_setAutomine', [false])
    const hashes: string[] = []
    const sending = world.send(sentence, world.sender, (hash) => hashes.push(hash))
    await expect.poll(() => hashes.length, { interval: 20 }).toBe(1)
    expect(await provider.send('anvil_dropTransaction', [hashes[0]])).toBe(hashes[0])
    await provider.send('evm_setAutomine', [true])
    await sending
    expect((await balance()) - before).toBe(parseEther('1'))
  }, 30_000)

  test('transaction replaced by another one of the gas account: sent again with the next number, and paid once', async () => {
    const { provider } = world.chain.chain
    const sentence = await world.sign(await world.prepare(claim(1_000_000n)))
    const before = await balance()
    await provider.send('evm_setAutomine', [false])
    const hashes: string[] = []
    const sending = world.send(sentence, world.sender, (hash) => hashes.push(hash))
    await expect.poll(() => hashes.length, { interval: 20 }).toBe(1)
    const { nonce, maxFeePerGas } = (await provider.getTransaction(hashes[0]!))!
    const dearer = { nonce, maxFeePerGas: maxFeePerGas! * 3n, maxPriorityFeePerGas: maxFeePerGas! * 2n }
    await world.gas.sendTransaction({ to: world.gas.address, value: 0n, ...dearer })
    await provider.send('evm_mine', [])
    await provider.send('evm_setAutomine', [true])
    const { transactionHash } = await sending
    expect(transactionHash).not.toBe(hashes[0])
    expect((await balance()) - before).toBe(parseEther('1'))
  }, 30_000)

  test('a computer clock that is off by a day is told in the next review', async () => {
    const { review } = await world.prepare(claim(1_000_000n))
    expect(review.warnings.map(({ code }) => code)).toContain('clockOff')
  })
})
