import { Transaction, getAddress, hexlify, recoverAddress, verifyMessage } from 'ethers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { operatorPath } from '../../api/hardware-signer.ts'
import type { OperatorDevice } from '../../api/hardware-signer.ts'
import { pressAlways } from '../practice-ledger/index.ts'
import { bytesOf, isReview, screenThat, sentence, startPracticeDevice } from '../testing/practice-device.ts'
import type { PracticeDevice } from '../testing/practice-device.ts'

let practice: PracticeDevice
let device: OperatorDevice

beforeEach(async () => {
  practice = await startPracticeDevice()
  device = practice.connect()
})
afterEach(() => practice.stop())

const sign = (signer = device, text = sentence, options = {}) =>
  signer.signPersonalMessage(operatorPath, bytesOf(text), options)

const plainTransfer = Transaction.from({
  type: 2,
  chainId: 912_345_678n,
  to: `0x${'7'.repeat(40)}`,
  value: 5n,
  gasLimit: 21_000n,
  maxFeePerGas: 10n,
  maxPriorityFeePerGas: 1n,
})
const callTo = { to: `0x${'7'.repeat(40)}`, value: 5n, gasLimit: 90_000n, data: `0x${'ab'.repeat(300)}` }
const contractCall = Transaction.from({ ...callTo, type: 2, chainId: 912_345_678n, maxFeePerGas: 10n })

describe('a device over the emulator interface', () => {
  test('names its account without asking anybody, and is let go of after each step', async () => {
    const account = await device.getAddress(operatorPath)
    expect(account).toBe(getAddress(account))
    expect(device.state()).toEqual({ kind: 'ready', appVersion: '1.22.0' })
    expect(isReview(practice.ledger.screen())).toBe(false)
    expect(await device.getAddress(operatorPath)).toBe(account)
  })

  test('signs exactly the text that the person read through, v 27 or 28', async () => {
    const seen: string[] = []
    practice.ledger.onChange(({ lines }) => seen.push(lines.join('')))
    const states: string[] = []
    device.subscribe(({ kind }) => states.push(kind))
    pressAlways(practice.ledger, 'approve')
    const signature = await sign()
    expect(signature.length).toBe(65)
    expect([27, 28]).toContain(signature[64])
    expect(verifyMessage(sentence, hexlify(signature))).toBe(await device.getAddress(operatorPath))
    expect(states).toEqual(['waitingForPerson', 'ready'])
    expect(seen.join('').replaceAll(' ', '')).toContain('Hearth:claim12.345678PLAYto0x70997970')
  })

  test('refusing on the device signs nothing, and the next question is a new one', async () => {
    const undo = pressAlways(practice.ledger, 'refuse')
    await expect(sign()).rejects.toMatchObject({ code: 'REFUSED', state: { kind: 'refused' } })
    expect(device.state()).toEqual({ kind: 'refused' })
    undo()
    pressAlways(practice.ledger, 'approve')
    expect((await sign()).length).toBe(65)
    expect(device.state().kind).toBe('ready')
  })

  test('a locked device says so, and works once it is unlocked', async () => {
    practice.ledger.setLocked(true)
    expect(await device.check()).toEqual({ kind: 'locked' })
    await expect(device.getAddress(operatorPath)).rejects.toMatchObject({ code: 'DEVICE_LOCKED' })
    practice.ledger.setLocked(false)
    expect((await device.check()).kind).toBe('ready')
  })

  test('of another account is found out before the person is asked', async () => {
    const expectedAccount = `0x${'1'.repeat(40)}`
    await expect(sign(device, sentence, { expectedAccount })).rejects.toMatchObject({ code: 'DEVICE_OTHER_ACCOUNT' })
    const found = await device.getAddress(operatorPath)
    await expect(device.getAddress(operatorPath, { expectedAccount })).rejects.toMatchObject({
      state: { kind: 'otherAccount', expected: expectedAccount, found },
    })
    expect(isReview(practice.ledger.screen())).toBe(false)
  })

  test('shows the account on its own screen when asked to', async () => {
    const confirmed = device.confirmAddress(operatorPath)
    const screen = await screenThat(practice.ledger, isReview)
    const account = await practice.connect().getAddress(operatorPath)
    expect(screen.lines.join('')).toContain(account)
    pressAlways(practice.ledger, 'approve')
    expect(await confirmed).toBe(account)
  })

  test('two claims at once on one device: the second is turned away, the first goes on', async () => {
    const first = sign()
    await screenThat(practice.ledger, isReview)
    await expect(sign()).rejects.toMatchObject({ code: 'DEVICE_STEP_UNDER_WAY' })
    expect(await device.check()).toEqual({ kind: 'waitingForPerson' })
    pressAlways(practice.ledger, 'approve')
    expect((await first).length).toBe(65)
  })

  test('two programs at once: the second learns that a question from before is there', async () => {
    const first = sign()
    await screenThat(practice.ledger, isReview)
    const second = practice.connect({ firstPartMs: 300 })
    await expect(sign(second)).rejects.toMatchObject({ code: 'DEVICE_REVIEW_LEFT' })
    pressAlways(practice.ledger, 'approve')
    expect((await first).length).toBe(65)
    expect((await sign(second)).length).toBe(65)
  })

  test('cancelling leaves the question on the screen; decided there, the device is free again', async () => {
    const leaving = new AbortController()
    const left = sign(device, sentence, { signal: leaving.signal })
    await screenThat(practice.ledger, isReview)
    leaving.abort()
    await expect(left).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(device.state()).toEqual({ kind: 'reviewLeft' })
    expect(isReview(practice.ledger.screen())).toBe(true)
    // Quiet calls are answered all the same.
    expect((await practice.connect().check()).kind).toBe('ready')
    const next = practice.connect({ firstPartMs: 300 })
    await expect(sign(next)).rejects.toMatchObject({ code: 'DEVICE_REVIEW_LEFT' })
    expect(practice.ledger.press('reject')).toBe(true)
    pressAlways(practice.ledger, 'approve')
    expect((await sign(next)).length).toBe(65)
  })

  test('a person who never decides is not waited for endlessly', async () => {
    const hasty = practice.connect({ personMs: 300 })
    await expect(sign(hasty)).rejects.toMatchObject({ code: 'DEVICE_REVIEW_LEFT' })
    expect(hasty.state()).toEqual({ kind: 'reviewLeft' })
  })

  test('disconnect in the middle: said so, and after coming back it works without a restart', async () => {
    const { port } = practice.server
    const cut = sign()
    await screenThat(practice.ledger, isReview)
    await practice.server.close()
    await expect(cut).rejects.toMatchObject({ code: 'DEVICE_DISCONNECTED' })
    expect(await device.check()).toEqual({ kind: 'notReached', at: `127.0.0.1:${port}` })
    const back = await startPracticeDevice({ port })
    try {
      expect((await device.check()).kind).toBe('ready')
    } finally {
      await back.stop()
    }
  })

  test('refuses a text that no device would show, before it opens anything', async () => {
    await practice.server.close()
    await expect(sign(device, 'ünder')).rejects.toMatchObject({ code: 'TEXT_NOT_READABLE' })
    await expect(sign(device, '')).rejects.toMatchObject({ code: 'TEXT_NOT_READABLE' })
    expect(device.state()).toEqual({ kind: 'unknown' })
  })

  test('uses one path only', async () => {
    await expect(device.getAddress("m/44'/60'/1'/0/0")).rejects.toMatchObject({ code: 'WRONG_PATH' })
  })

  test('closing it ends a step that is under way', async () => {
    const ended = sign()
    await screenThat(practice.ledger, isReview)
    await device.close()
    await expect(ended).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('the transaction fallback', () => {
  test('a plain transfer is shown and signed without blind signing', async () => {
    const shown: string[] = []
    practice.ledger.onChange(({ lines }) => shown.push(lines.join(' ')))
    pressAlways(practice.ledger, 'approve')
    const signed = Transaction.from(await device.signTransaction(operatorPath, plainTransfer.unsignedSerialized))
    expect(signed.from).toBe(await device.getAddress(operatorPath))
    expect(signed.unsignedHash).toBe(plainTransfer.unsignedHash)
    expect(shown.join('\n')).toContain('??? 0.0000')
    expect(shown.join('\n')).not.toContain('Blind')
  })

  test('contract data needs blind signing, which is said before anything is sent', async () => {
    const call = device.signTransaction(operatorPath, contractCall.unsignedSerialized)
    await expect(call).rejects.toMatchObject({ code: 'BLIND_SIGNING_NEEDED', state: { kind: 'blindSigningNeeded' } })
  })

  test.each([
    ['of today', contractCall],
    ['of a long chain id', Transaction.from({ ...callTo, type: 0, chainId: 912_345_678_901n, gasPrice: 3n })],
    ['of EIP-155', Transaction.from({ ...callTo, type: 0, chainId: 1n, gasPrice: 3n })],
  ])('with blind signing on, a call %s comes with a warning first and is signed in parts', async (_name, call) => {
    practice.ledger.setBlindSigning(true)
    const first = screenThat(practice.ledger, isReview)
    const signing = device.signTransaction(operatorPath, call.unsignedSerialized)
    expect((await first).lines[0]).toBe('Blind signing ahead')
    pressAlways(practice.ledger, 'approve')
    const signed = Transaction.from(await signing)
    expect(recoverAddress(call.unsignedHash, signed.signature!)).toBe(await device.getAddress(operatorPath))
  })

  test('takes only a transaction that is not signed yet', async () => {
    await expect(device.signTransaction(operatorPath, '0x1234')).rejects.toMatchObject({
      code: 'TRANSACTION_NOT_READABLE',
    })
  })
})
