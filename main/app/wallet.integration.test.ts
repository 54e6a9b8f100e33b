import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hexlify, parseEther, randomBytes, Wallet } from 'ethers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  composePayoutSentence,
  encodeApprove,
  encodeChangePayout,
  encodeFinishPayout,
  encodeLock,
  encodeRedeem,
  encodeTransfer,
  openChain,
  readLatestBlock,
  readOperatorNumbers,
  readPayout,
  readTokenBalance,
  sendAndWait,
  sentenceDeadline,
  voucherTypedData,
} from '../../contracts/client/index.ts'
import { addPiecesCall } from '../../contracts/script/testing/actors.ts'
import { pieceOfBytes } from '../../contracts/script/testing/trees.ts'
import { silentLog } from '../../roles/api/values.ts'
import type { EngineService } from '../api/engine.ts'
import { operatorPath } from '../api/hardware-signer.ts'
import { snapshotSchema } from '../api/snapshot.ts'
import { prepareConsent, signConsent } from '../earnings/index.ts'
import { openHome } from '../store/index.ts'
import { openOperatorDevice, pressAlways } from '../wallet/index.ts'
import { startPracticeDevice } from '../wallet/testing/practice-device.ts'
import type { PracticeDevice } from '../wallet/testing/practice-device.ts'
import type { EngineOptions } from './engine-options.ts'
import { startTestChain } from './testing/test-chain.ts'
import type { TestChain } from './testing/test-chain.ts'
import { startTestEngine } from './testing/test-engine.ts'

const timeoutMs = 30_000
let chainDirectory: string
let directory: string
let chain: TestChain
let customer: Wallet
const running: EngineService[] = []

beforeAll(async () => {
  chainDirectory = mkdtempSync(join(tmpdir(), 'hearth-wallet-chain-'))
  chain = await startTestChain(chainDirectory)
  chain.provider.pollingInterval = 100
  customer = await richCustomer()
}, 60_000)
afterAll(async () => {
  await chain.stop()
  rmSync(chainDirectory, { recursive: true, force: true })
})
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-wallet-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((engine) => engine.stop({ deadlineMs: Date.now() + 4000 })))
  rmSync(directory, { recursive: true, force: true })
})

/** An engine whose keys are bound and whose operator has earned nineteen tokens. */
async function earningEngine(): Promise<EngineService> {
  const engine = await start()
  await engine.switchOn({ role: 'storage', diskPath: null, diskLimitBytes: 1024 ** 3 })
  await expect.poll(() => engine.snapshot().roles[0]?.boundOnChain, { timeout: 20_000, interval: 50 }).toBe(true)
  await earn('20')
  return engine
}

async function start(change: Partial<EngineOptions> = {}): Promise<EngineService> {
  const engine = await startTestEngine(directory, chain, change)
  running.push(engine)
  await expect.poll(() => engine.snapshot().network.kind, { timeout: 20_000, interval: 50 }).toBe('ready')
  return engine
}

/** A customer with tokens that `Payments` may take. */
async function richCustomer(): Promise<Wallet> {
  const treasury = await chain.provider.getSigner(0)
  const wallet = new Wallet(hexlify(randomBytes(32)), chain.provider)
  await (await treasury.sendTransaction({ to: wallet.address, value: parseEther('1') })).wait()
  const grant = encodeTransfer(chain.network, { to: wallet.address, amountWei: parseEther('1000') })
  await sendAndWait(treasury, grant, { timeoutMs })
  await sendAndWait(wallet, encodeApprove(chain.network, {}), { timeoutMs })
  return wallet
}

/** The customer's voucher for so many tokens, redeemed. */
async function earn(tokens: string): Promise<void> {
  const { network } = chain
  const node = (await openHome(directory).keys.ensureRoleKeys()).storage.address
  const amountWei = parseEther(tokens)
  await sendAndWait(customer, encodeLock(network, { nodes: [node], amountsWei: [amountWei] }), { timeoutMs })
  const lane = hexlify(randomBytes(32))
  const voucher = { customer: customer.address, node, lane, cumulativeWei: amountWei, expirySeconds: 4_000_000_000 }
  const { domain, types, value } = voucherTypedData(network, voucher)
  const signature = await customer.signTypedData(domain, types, value)
  await sendAndWait(customer, encodeRedeem(network, { voucher, signature }), { timeoutMs })
}

async function balanceOf(account: string): Promise<bigint> {
  const reader = openChain(chain.network)
  const balance = await readTokenBalance(reader, account)
  reader.close()
  return balance
}

const claim = (micro: number) => ({ kind: 'claim', micro: String(micro) }) as const
const codes = async (engine: EngineService) =>
  (await engine.activity({ beforeId: null, limit: 50 })).map((line) => line.code)

describe('the wallet of a running engine', () => {
  test('claims what was earned: reviewed, signed, landed, told, and the snapshot shows every step', async () => {
    const engine = await earningEngine()
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
    expect(await balanceOf(wallet!.account!)).toBe(parseEther('5'))
    await expect.poll(() => engine.snapshot().wallet?.balanceWei, { timeout: 5_000 }).toBe(parseEther('5').toString())
    expect(engine.snapshot().wallet?.payout).toMatchObject({ address: wallet!.account, differs: false, pending: null })
    expect(engine.snapshot().wallet?.payout?.confirmedAddress).toBe(wallet!.account)
    expect(BigInt(gas!.balanceWei)).toBeGreaterThan(0n)
    expect(gas).toMatchObject({ low: false })
    expect(await codes(engine)).toContain('claimed')
    expect(steps).toContain('confirming')
    await expect.poll(() => engine.snapshot().earnings?.claimedWei, { timeout: 15_000 }).toBe(String(parseEther('5')))
    expect(engine.snapshot().earnings?.reconciles).toBe(true)
  }, 60_000)

  test('a tampered renderer is stopped in main, logged and shown, and its review is spent', async () => {
    const engine = await earningEngine()
    const review = await engine.wallet.prepare(claim(1_000_000))
    const text = review.text.replace('1.000000', '9.000000')
    await expect(engine.wallet.sign({ id: review.id, text })).rejects.toMatchObject({ code: 'REVIEW_TAMPERED' })
    expect(engine.snapshot().wallet?.consent).toMatchObject({ step: 'failed', error: { code: 'REVIEW_TAMPERED' } })
    expect(await codes(engine)).toContain('reviewTampered')
    await expect(engine.wallet.sign({ id: review.id, text: review.text })).rejects.toMatchObject({
      code: 'REVIEW_GONE',
    })
    expect(await balanceOf(engine.snapshot().operator!)).toBe(0n)
  }, 60_000)

  test('a review that was cancelled, or that another one replaced, cannot be signed', async () => {
    const engine = await earningEngine()
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
    const engine = await earningEngine()
    const operator = engine.snapshot().operator!
    await engine.stop({ deadlineMs: Date.now() + 5000 })
    const home = openHome(directory)
    const reader = openChain(chain.network)
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
    await home.signedSentences(chain.network).keep(sentence)
    reader.close()

    const again = await start()
    await expect.poll(() => balanceOf(operator), { timeout: 20_000 }).toBe(parseEther('3'))
    await expect.poll(() => home.signedSentences(chain.network).list()).toEqual([])
    expect(await codes(again)).toContain('claimed')
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
    const engine = await earningEngine()
    const { operator } = engine.snapshot()
    await engine.wallet.choose(touch)
    expect(engine.snapshot().wallet).toMatchObject({ choice: touch, account: operator, hardware: false })
    const review = await engine.wallet.prepare(claim(4_000_000))
    const signing = engine.wallet.sign(review)
    const shown = (await decide(engine, 'confirm')).flat()
    for (const line of review.touchPages.flat()) expect(shown).toContain(line)
    await signing
    expect(await balanceOf(operator!)).toBe(parseEther('4'))
    // After a restart the choice is remembered, and no consent is asked for: the keys are bound.
    await engine.stop({ deadlineMs: Date.now() + 5000 })
    const again = await start()
    expect(again.snapshot().wallet).toMatchObject({ choice: touch, account: operator, consent: null })
    expect(again.snapshot().wallet?.practiceScreen?.model).toBe('touch')
  }, 60_000)

  test('refused on the device: everything is as it was, and the same can be reviewed again', async () => {
    const engine = await earningEngine()
    await engine.wallet.choose(touch)
    const review = await engine.wallet.prepare(claim(4_000_000))
    const signing = engine.wallet.sign(review)
    const refused = expect(signing).rejects.toMatchObject({ code: 'REFUSED' })
    await decide(engine, 'reject')
    await refused
    expect(engine.snapshot().wallet).toMatchObject({ state: { kind: 'refused' }, consent: { step: 'failed' } })
    expect(await balanceOf(engine.snapshot().operator!)).toBe(0n)
    const next = await engine.wallet.prepare(claim(4_000_000))
    expect(next.text.match(/number \d+/)).toEqual(review.text.match(/number \d+/))
  }, 60_000)

  test('cancelled in the window while the device waits: nothing is sent, and the device says that a review is left', async () => {
    const engine = await earningEngine()
    await engine.wallet.choose(touch)
    const review = await engine.wallet.prepare(claim(4_000_000))
    const signing = engine.wallet.sign(review)
    const cancelled = expect(signing).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect.poll(() => engine.snapshot().wallet?.state.kind, { interval: 20 }).toBe('waitingForPerson')
    await engine.wallet.cancel({ id: review.id })
    await cancelled
    await decide(engine, 'confirm')
    expect(await balanceOf(engine.snapshot().operator!)).toBe(0n)
    expect(await openHome(directory).signedSentences(chain.network).list()).toEqual([])
  }, 60_000)

  test('authorizes only when the person says so: asked once, not again and again', async () => {
    const engine = await start()
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
    expect(await codes(engine)).toContain('consentRecorded')
  }, 60_000)
})

describe('the payout address', () => {
  const strange = '0x00000000000000000000000000000000000000A1'
  const passSeconds = async (seconds: number) => {
    await chain.provider.send('evm_increaseTime', [seconds])
    await chain.provider.send('evm_mine', [])
  }

  test('changed with the device: announced, waits, takes effect by itself, and is paid', async () => {
    const engine = await earningEngine()
    const { operator } = engine.snapshot()
    const to = Wallet.createRandom().address
    const review = await engine.wallet.prepare({ kind: 'payout', to })
    await engine.wallet.sign(review)
    const payout = () => engine.snapshot().wallet?.payout
    await expect.poll(payout, { timeout: 5_000 }).toMatchObject({ address: operator, differs: false, pending: { to } })
    expect(await codes(engine)).toEqual(expect.arrayContaining(['payoutAnnounced', 'payoutChangeWaiting']))
    await expect(engine.wallet.finishPayout()).rejects.toMatchObject({ code: 'PAYOUT_WAITING' })
    await passSeconds(61)
    await expect
      .poll(payout, { timeout: 25_000 })
      .toMatchObject({ address: to, confirmedAddress: to, pending: null, differs: false })
    expect(await codes(engine)).toContain('payoutChanged')
    const paid = await engine.wallet.prepare(claim(2_000_000))
    expect(paid.text).toContain(to.toLowerCase())
    expect(paid.warnings.map(({ code }) => code)).not.toContain('payoutDiffers')
    await engine.wallet.sign(paid)
    expect(await balanceOf(to)).toBe(parseEther('2'))
  }, 90_000)

  test('changed by a thief with the key elsewhere: warned of at once, never finished from here, and cancelled in time', async () => {
    const engine = await earningEngine()
    const { operator } = engine.snapshot()
    await announceElsewhere(strange)
    const payout = () => engine.snapshot().wallet?.payout
    await expect.poll(payout, { timeout: 25_000 }).toMatchObject({ pending: { to: strange }, differs: false })
    expect(await codes(engine)).toContain('payoutChangeStrange')
    await passSeconds(61)
    await expect(engine.wallet.finishPayout()).rejects.toMatchObject({ code: 'PAYOUT_NOT_CONFIRMED' })
    const warned = await engine.wallet.prepare(claim(1_000_000))
    expect(warned.warnings.map(({ code }) => code)).toContain('payoutChangeStrange')
    await engine.wallet.sign(await engine.wallet.prepare({ kind: 'cancelPayout' }))
    await expect.poll(payout, { timeout: 5_000 }).toMatchObject({ address: operator, pending: null, differs: false })
    await expect(engine.wallet.prepare({ kind: 'cancelPayout' })).rejects.toMatchObject({ code: 'NO_PAYOUT_CHANGE' })
  }, 90_000)

  test('a chain that names an address which no device confirmed here: red, and a warning on every claim', async () => {
    const engine = await earningEngine()
    await announceElsewhere(strange)
    await passSeconds(61)
    const treasury = await chain.provider.getSigner(0)
    const { operator } = engine.snapshot()
    await sendAndWait(treasury, encodeFinishPayout(chain.network, { operator: operator! }), { timeoutMs })
    await expect
      .poll(() => engine.snapshot().wallet?.payout, { timeout: 25_000 })
      .toMatchObject({ address: strange, confirmedAddress: null, differs: true })
    const { warnings } = await engine.wallet.prepare(claim(1_000_000))
    expect(warnings).toContainEqual({ code: 'payoutDiffers', values: { payout: strange, confirmed: operator } })
  }, 90_000)

  /** A payout change that this home knows nothing of. */
  async function announceElsewhere(to: string): Promise<void> {
    const reader = openChain(chain.network)
    const { keys } = openHome(directory)
    const operator = new Wallet((await keys.ensureKey('operator')).privateKeyHex)
    const { next: number } = await readOperatorNumbers(reader, operator.address, 'payout')
    const deadlineSeconds = sentenceDeadline((await readLatestBlock(reader)).timestampSeconds)
    const { waitSeconds } = await readPayout(reader, operator.address)
    const text = composePayoutSentence(chain.network, { number, deadlineSeconds, to, waitSeconds })
    const signature = await operator.signMessage(text)
    const terms = { number, deadlineSeconds, signature, operator: operator.address, to }
    await sendAndWait(await chain.provider.getSigner(0), encodeChangePayout(chain.network, terms), { timeoutMs })
    reader.close()
  }
})

describe('a device of another account', () => {
  let other: PracticeDevice
  beforeEach(async () => {
    other = await startPracticeDevice()
  })
  afterEach(() => other.stop())
  const choice = () => ({ kind: 'speculos', host: other.server.host, port: other.server.port }) as const

  test('named at the start: this computer works for its account, with keys of its own, and finds the old ones again', async () => {
    const first = await start()
    const own = first.snapshot().operator
    await first.stop({ deadlineMs: Date.now() + 5000 })

    const engine = await start({ ledger: choice() })
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
    expect(node).not.toBe((await openHome(directory).keys.ensureRoleKeys()).storage.address)

    await engine.wallet.choose({ kind: 'practiceKey' })
    expect(engine.snapshot().operator).toBe(own)
    expect(await codes(engine)).toContain('operatorChanged')
    await engine.wallet.choose(choice())
    await expect.poll(() => engine.snapshot().roles[0]?.node).toBe(node)
    undo()
  }, 90_000)

  test('is refused while the old keys keep pieces for customers, and its signature is never used', async () => {
    const engine = await earningEngine()
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
    const engine = await start()
    const { operator } = engine.snapshot()
    await other.stop()
    await engine.wallet.choose(choice())
    expect(engine.snapshot()).toMatchObject({ operator, wallet: { account: null, state: { kind: 'notConnected' } } })
    await expect(engine.wallet.prepare(claim(1_000_000))).rejects.toMatchObject({ code: 'NO_OPERATOR' })
  }, 60_000)
})

test('a network that is no practice opens without a device, works for nobody, and says what to do', async () => {
  const home = openHome(directory, { passphraseFile: passphrase() })
  await home.network.write({ ...chain.network, practice: false })
  const engine = await startTestEngine(directory, chain, { home, practice: null })
  running.push(engine)
  await expect.poll(() => engine.snapshot().network.kind, { timeout: 20_000 }).toBe('ready')
  expect(engine.snapshot()).toMatchObject({ operator: null, wallet: { choice: { kind: 'usb' }, account: null } })
  await expect(engine.wallet.choose(touch)).rejects.toMatchObject({ code: 'HARDWARE_WALLET_NEEDED' })
  await expect(engine.wallet.prepare({ kind: 'authorize' })).rejects.toMatchObject({ code: 'NO_OPERATOR' })
}, 60_000)

function passphrase(): string {
  const path = join(directory, 'passphrase')
  writeFileSync(path, 'five words are enough here\n')
  return path
}

/** A customer places a piece with this home's storage key. */
async function keepPieces(): Promise<void> {
  const { network } = chain
  const reader = openChain(network)
  const node = new Wallet((await openHome(directory).keys.ensureRoleKeys()).storage.privateKeyHex, chain.provider)
  const batch = { pricePerGiBPeriodWei: parseEther('100'), depositWei: parseEther('10') }
  const pieces = [pieceOfBytes(randomBytes(512))]
  const call = await addPiecesCall({ network, chain: reader }, customer.address, node, pieces, batch)
  await sendAndWait(customer, call, { timeoutMs })
  reader.close()
}
