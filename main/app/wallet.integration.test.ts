import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEther, randomBytes, Wallet } from 'ethers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openChain, sendAndWait } from '../../contracts/client/index.ts'
import { addPiecesCall } from '../../contracts/script/testing/actors.ts'
import { pieceOfBytes } from '../../contracts/script/testing/trees.ts'
import { silentLog } from '../../roles/api/values.ts'
import type { EngineService } from '../api/engine.ts'
import { operatorPath } from '../api/hardware-signer.ts'
import type { Platform, SystemQuestion } from '../api/platform.ts'
import { snapshotSchema } from '../api/snapshot.ts'
import type { ConsentReview } from '../api/wallet.ts'
import { prepareConsent, signConsent } from '../earnings/index.ts'
import { openHome } from '../store/index.ts'
import { openOperatorDevice, pressAlways } from '../wallet/index.ts'
import { startPracticeDevice } from '../wallet/testing/practice-device.ts'
import type { PracticeDevice } from '../wallet/testing/practice-device.ts'
import { openEarningWorld, type EarningWorld } from './testing/earning-world.ts'
import { testPlatform } from './testing/test-engine.ts'

const timeoutMs = 30_000
let world: EarningWorld

beforeAll(async () => {
  world = await openEarningWorld()
}, 60_000)
afterAll(() => world.close())
beforeEach(() => world.newHome())
afterEach(() => world.endHome())

const claim = (micro: number) => ({ kind: 'claim', micro: String(micro) }) as const

describe('the wallet of a running engine', () => {
  test('claims what was earned: reviewed, signed, landed, told, and the snapshot shows every step', async () => {
    const engine = await world.startEarning()
    const steps: unknown[] = []
    engine.onSnapshot(({ wallet }) => steps.push(wallet?.consent?.step))
    const review = await engine.wallet.prepare(claim(5_000_000))
    expect(engine.snapshot().wallet).toMatchObject({
      choice: { kind: 'practiceKey' },
      hardware: false,
      consent: { id: review.id, step: 'review' },
    })
    const { transactionHash } = await engine.wallet.sign({ id: review.id, text: review.text })
    const { wallet, gas } = snapshotSchema.parse(engine.snapshot())
    expect(wallet?.consent).toMatchObject({ step: 'done', transactionHash, error: null })
    expect(await world.balanceOf(wallet!.account!)).toBe(parseEther('5'))
    await expect.poll(() => engine.snapshot().wallet?.balanceWei, { timeout: 5_000 }).toBe(parseEther('5').toString())
    expect(engine.snapshot().wallet?.payout).toMatchObject({ address: wallet!.account, differs: false, pending: null })
    expect(engine.snapshot().wallet?.payout?.confirmedAddress).toBe(wallet!.account)
    expect(BigInt(gas!.balanceWei)).toBeGreaterThan(0n)
    expect(gas).toMatchObject({ low: false })
    expect(await world.codes(engine)).toContain('claimed')
    expect(steps).toContain('confirming')
    await expect.poll(() => engine.snapshot().earnings?.claimedWei, { timeout: 15_000 }).toBe(String(parseEther('5')))
    expect(engine.snapshot().earnings?.reconciles).toBe(true)
  }, 60_000)

  test('a tampered renderer is stopped in main, logged and shown, and its review is spent', async () => {
    const engine = await world.startEarning()
    const review = await engine.wallet.prepare(claim(1_000_000))
    const text = review.text.replace('1.000000', '9.000000')
    await expect(engine.wallet.sign({ id: review.id, text })).rejects.toMatchObject({ code: 'REVIEW_TAMPERED' })
    expect(engine.snapshot().wallet?.consent).toMatchObject({ step: 'failed', error: { code: 'REVIEW_TAMPERED' } })
    expect(await world.codes(engine)).toContain('reviewTampered')
    await expect(engine.wallet.sign({ id: review.id, text: review.text })).rejects.toMatchObject({
      code: 'REVIEW_GONE',
    })
    expect(await world.balanceOf(engine.snapshot().operator!)).toBe(0n)
  }, 60_000)

  test('a review that was cancelled, or that another one replaced, cannot be signed', async () => {
    const engine = await world.startEarning()
    const first = await engine.wallet.prepare(claim(1_000_000))
    await engine.wallet.cancel({ id: first.id })
    expect(engine.snapshot().wallet?.consent).toBeNull()
    await expect(engine.wallet.sign(first)).rejects.toMatchObject({ code: 'REVIEW_GONE' })
    const second = await engine.wallet.prepare(claim(1_000_000))
    const third = await engine.wallet.prepare(claim(2_000_000))
    await expect(engine.wallet.sign(second)).rejects.toMatchObject({ code: 'REVIEW_GONE' })
    const signing = engine.wallet.sign(third)
    await expect(engine.wallet.prepare(claim(1_000_000))).rejects.toMatchObject({ code: 'CONSENT_BUSY' })
    await signing
  }, 60_000)

  test('what was signed before a crash is sent at the next start, and once', async () => {
    const engine = await world.startEarning()
    const operator = engine.snapshot().operator!
    await engine.stop({ deadlineMs: Date.now() + 5000 })
    const home = world.home()
    const reader = openChain(world.chain.network)
    const subject = { chain: reader, operator, roleKeys: await home.keys.ensureRoleKeys() }
    const { signal } = new AbortController()
    const none = { current: null, next: null }
    const prepared = await prepareConsent({
      subject,
      request: claim(3_000_000),
      confirmed: none,
      hardware: false,
      signal,
    })
    const { device } = openOperatorDevice({
      choice: { kind: 'practiceKey' },
      practice: true,
      keys: home.keys,
      log: silentLog,
    })
    const { text } = prepared.review
    const sentence = await signConsent({ subject, prepared, text, device, onAsk: () => {}, signal })
    await home.signedSentences(world.chain.network).keep(sentence)
    reader.close()

    const again = await world.start()
    await expect.poll(() => world.balanceOf(operator), { timeout: 20_000 }).toBe(parseEther('3'))
    await expect.poll(() => home.signedSentences(world.chain.network).list()).toEqual([])
    expect(await world.codes(again)).toContain('claimed')
  }, 60_000)
})

/** What a person with the practice Ledger does: reads every page, then decides. */
async function decide(engine: EngineService, decision: 'confirm' | 'reject'): Promise<string[][]> {
  const pages: string[][] = []
  const screen = () => engine.snapshot().wallet!.practiceScreen!
  await expect.poll(() => screen().pages, { timeout: 10_000, interval: 20 }).toBeGreaterThan(1)
  for (;;) {
    pages.push(screen().lines)
    if (decision === 'reject' || screen().buttons.includes('confirm')) break
    await engine.wallet.press({ button: 'next' })
  }
  await engine.wallet.press({ button: decision })
  return pages
}

const touch = { kind: 'practiceLedger', model: 'touch' } as const

describe('the practice Ledger in the app', () => {
  test('has the account of the practice key, shows every line of the review, and claims', async () => {
    const engine = await world.startEarning()
    const { operator } = engine.snapshot()
    await engine.wallet.choose(touch)
    expect(engine.snapshot().wallet).toMatchObject({ choice: touch, account: operator, hardware: false })
    const review = await engine.wallet.prepare(claim(4_000_000))
    const signing = engine.wallet.sign(review)
    const shown = (await decide(engine, 'confirm')).flat()
    for (const line of review.touchPages.flat()) expect(shown).toContain(line)
    await signing
    expect(await world.balanceOf(operator!)).toBe(parseEther('4'))
    // After a restart the choice is remembered, and no consent is asked for: the keys are bound.
    await engine.stop({ deadlineMs: Date.now() + 5000 })
    const again = await world.start()
    expect(again.snapshot().wallet).toMatchObject({ choice: touch, account: operator, consent: null })
    expect(again.snapshot().wallet?.practiceScreen?.model).toBe('touch')
  }, 60_000)

  test('refused on the device: everything is as it was, and the same can be reviewed again', async () => {
    const engine = await world.startEarning()
    await engine.wallet.choose(touch)
    const review = await engine.wallet.prepare(claim(4_000_000))
    const signing = engine.wallet.sign(review)
    const refused = expect(signing).rejects.toMatchObject({ code: 'REFUSED' })
    await decide(engine, 'reject')
    await refused
    expect(engine.snapshot().wallet).toMatchObject({ state: { kind: 'refused' }, consent: { step: 'failed' } })
    expect(await world.balanceOf(engine.snapshot().operator!)).toBe(0n)
    const next = await engine.wallet.prepare(claim(4_000_000))
    expect(next.text.match(/number \d+/)?.[0]).toBe(review.text.match(/number \d+/)?.[0])
  }, 60_000)

  test('cancelled in the window while the device waits: nothing is sent, and the device says that a review is left', async () => {
    const engine = await world.startEarning()
    await engine.wallet.choose(touch)
    const review = await engine.wallet.prepare(claim(4_000_000))
    const signing = engine.wallet.sign(review)
    const cancelled = expect(signing).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect.poll(() => engine.snapshot().wallet?.state.kind, { interval: 20 }).toBe('waitingForPerson')
    await engine.wallet.cancel({ id: review.id })
    await cancelled
    await decide(engine, 'confirm')
    expect(await world.balanceOf(engine.snapshot().operator!)).toBe(0n)
    expect(await world.home().signedSentences(world.chain.network).list()).toEqual([])
  }, 60_000)

  test('claims by a transaction of its own account: the warning page first, paid by that account, and told', async () => {
    const engine = await world.startEarning()
    const operator = engine.snapshot().operator!
    await engine.wallet.choose(touch)
    await expect(engine.wallet.prepareTransaction(claim(4_000_000))).rejects.toMatchObject({
      code: 'OPERATOR_CANNOT_PAY',
    })
    await (await world.treasury.sendTransaction({ to: operator, value: parseEther('1') })).wait()
    const off = await engine.wallet.prepareTransaction(claim(4_000_000))
    const shown = ({ id, text, transaction }: ConsentReview) => ({ id, text, unsigned: transaction?.unsigned })
    await expect(engine.wallet.sign(shown(off))).rejects.toMatchObject({ code: 'BLIND_SIGNING_NEEDED' })
    expect(engine.snapshot().wallet?.state.kind).toBe('blindSigningNeeded')

    await engine.wallet.setPractice({ blindSigning: true, locked: false })
    const review = await engine.wallet.prepareTransaction(claim(4_000_000))
    const signing = engine.wallet.sign(shown(review))
    const pages = await decide(engine, 'confirm')
    expect(pages[0]?.[0]).toBe('Blind signing ahead')
    expect(pages.flat().join('')).toContain(review.transaction?.hash)
    await signing
    expect(await world.balanceOf(operator)).toBe(parseEther('4'))
    expect(await world.chain.provider.getTransactionCount(operator)).toBe(1)
    expect(await world.codes(engine)).toContain('claimed')
  }, 60_000)

  test('a page that asks for another transaction than it shows: main asks outside the window, in its own words', async () => {
    const asked: SystemQuestion[] = []
    const platform: Platform = {
      ...testPlatform(),
      askPerson: async (question) => {
        asked.push(question)
        return false
      },
    }
    const engine = await world.startEarning({ platform })
    const operator = engine.snapshot().operator!
    await engine.wallet.choose(touch)
    await engine.wallet.setPractice({ blindSigning: true, locked: false })
    await (await world.treasury.sendTransaction({ to: operator, value: parseEther('1') })).wait()
    const thief = world.treasury.address
    const review = await engine.wallet.prepareTransaction({ kind: 'payout', to: thief })
    const { id, text, transaction } = review
    await expect(engine.wallet.sign({ id, text, unsigned: transaction?.unsigned })).rejects.toMatchObject({
      code: 'REFUSED',
    })
    expect(asked).toHaveLength(1)
    expect(asked[0]?.text.toLowerCase()).toContain(thief.toLowerCase())
    expect(asked[0]?.text).toContain(transaction?.hash)
    // The device was not even asked.
    expect(engine.snapshot().wallet?.practiceScreen?.pages).toBe(1)
    expect(await world.chain.provider.getTransactionCount(operator)).toBe(0)
  }, 60_000)

  test('authorizes only when the person says so: asked once, not again and again', async () => {
    const engine = await world.start()
    await engine.wallet.choose(touch)
    await engine.switchOn({ role: 'storage', diskPath: null, diskLimitBytes: 1024 ** 3 })
    const consent = () => engine.snapshot().wallet?.consent
    await expect.poll(consent, { timeout: 10_000 }).toMatchObject({ request: { kind: 'authorize' }, step: 'review' })
    expect(engine.snapshot().roles[0]).toMatchObject({ earning: { reason: 'waitingForConsentOnChain' } })
    await engine.wallet.cancel({ id: consent()!.id })
    await engine.retry({ role: 'storage' })
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(consent()).toBeNull()
    const review = await engine.wallet.prepare({ kind: 'authorize' })
    const signing = engine.wallet.sign(review)
    await decide(engine, 'confirm')
    await signing
    await expect.poll(() => engine.snapshot().roles[0]?.process.kind, { timeout: 20_000 }).toBe('running')
    expect(await world.codes(engine)).toContain('consentRecorded')
  }, 60_000)
})

describe('a device of another account', () => {
  let other: PracticeDevice
  beforeEach(async () => {
    other = await startPracticeDevice()
  })
  afterEach(() => other.stop())
  const choice = () => ({ kind: 'speculos', host: other.server.host, port: other.server.port }) as const

  test('named at the start: this computer works for its account, with keys of its own, and finds the old ones again', async () => {
    const first = await world.start()
    const own = first.snapshot().operator
    await first.stop({ deadlineMs: Date.now() + 5000 })

    const engine = await world.start({ ledger: choice() })
    const { operator } = engine.snapshot()
    expect(operator).not.toBe(own)
    expect(operator).toBe(await other.connect().getAddress(operatorPath))
    const undo = pressAlways(other.ledger, 'approve')
    await engine.switchOn({ role: 'storage', diskPath: null, diskLimitBytes: 1024 ** 3 })
    const review = await engine.wallet.prepare({ kind: 'authorize' })
    expect(review.warnings.map(({ code }) => code)).toContain('notHardware')
    await engine.wallet.sign(review)
    await expect.poll(() => engine.snapshot().roles[0]?.process.kind, { timeout: 20_000 }).toBe('running')
    const node = engine.snapshot().roles[0]!.node
    expect(node).not.toBe((await world.home().keys.ensureRoleKeys()).storage.address)

    await engine.wallet.choose({ kind: 'practiceKey' })
    expect(engine.snapshot().operator).toBe(own)
    expect(await world.codes(engine)).toContain('operatorChanged')
    await engine.wallet.choose(choice())
    await expect.poll(() => engine.snapshot().roles[0]?.node).toBe(node)
    undo()
  }, 90_000)

  test('is refused while the old keys keep pieces for customers, and its signature is never used', async () => {
    const engine = await world.startEarning()
    const { operator } = engine.snapshot()
    await keepPieces()
    await expect(engine.wallet.choose(choice())).rejects.toMatchObject({ code: 'OPERATOR_HAS_WORK' })
    expect(engine.snapshot()).toMatchObject({
      operator,
      wallet: { state: { kind: 'otherAccount', expected: operator } },
    })
    await expect(engine.wallet.prepare(claim(1_000_000))).rejects.toMatchObject({ code: 'OPERATOR_HAS_WORK' })
    await engine.wallet.choose({ kind: 'practiceKey' })
    await expect(engine.wallet.prepare(claim(1_000_000))).resolves.toBeDefined()
  }, 60_000)

  test('that is not there: the wallet says so, and what runs goes on', async () => {
    const engine = await world.start()
    const { operator } = engine.snapshot()
    await other.stop()
    await engine.wallet.choose(choice())
    expect(engine.snapshot()).toMatchObject({ operator, wallet: { account: null, state: { kind: 'notReached' } } })
    await expect(engine.wallet.prepare(claim(1_000_000))).rejects.toMatchObject({ code: 'NO_OPERATOR' })
  }, 60_000)
})

test('a network that is no practice opens without a device, works for nobody, and says what to do', async () => {
  const home = openHome(world.directory(), { passphraseFile: passphrase() })
  await home.network.write({ ...world.chain.network, practice: false })
  const engine = await world.start({ home, practice: null })
  expect(engine.snapshot()).toMatchObject({ operator: null, wallet: { choice: { kind: 'usb' }, account: null } })
  await expect(engine.wallet.choose(touch)).rejects.toMatchObject({ code: 'HARDWARE_WALLET_NEEDED' })
  await expect(engine.wallet.prepare({ kind: 'authorize' })).rejects.toMatchObject({ code: 'NO_OPERATOR' })
}, 60_000)

function passphrase(): string {
  const path = join(world.directory(), 'passphrase')
  writeFileSync(path, 'five words are enough here\n')
  return path
}

/** A customer places a piece with this home's storage key. */
async function keepPieces(): Promise<void> {
  const { chain, customer } = world
  const { network } = chain
  const reader = openChain(network)
  const node = new Wallet((await world.home().keys.ensureRoleKeys()).storage.privateKeyHex, chain.provider)
  const batch = { pricePerGiBPeriodWei: parseEther('100'), depositWei: parseEther('10') }
  const pieces = [pieceOfBytes(randomBytes(512))]
  const call = await addPiecesCall({ network, chain: reader }, customer.address, node, pieces, batch)
  await sendAndWait(customer, call, { timeoutMs })
  reader.close()
}
