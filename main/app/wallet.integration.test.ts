import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hexlify, parseEther, randomBytes, Wallet } from 'ethers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  encodeApprove,
  encodeLock,
  encodeRedeem,
  encodeTransfer,
  openChain,
  readTokenBalance,
  sendAndWait,
  voucherTypedData,
} from '../../contracts/client/index.ts'
import { silentLog } from '../../roles/api/values.ts'
import type { EngineService } from '../api/engine.ts'
import { snapshotSchema } from '../api/snapshot.ts'
import { prepareConsent, signConsent } from '../earnings/index.ts'
import { openHome } from '../store/index.ts'
import { openDevice } from './open-device.ts'
import { startTestChain } from './testing/test-chain.ts'
import type { TestChain } from './testing/test-chain.ts'
import { startTestEngine } from './testing/test-engine.ts'

const timeoutMs = 30_000
let chainDirectory: string
let directory: string
let chain: TestChain
const running: EngineService[] = []

beforeAll(async () => {
  chainDirectory = mkdtempSync(join(tmpdir(), 'hearth-wallet-chain-'))
  chain = await startTestChain(chainDirectory)
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

async function start(): Promise<EngineService> {
  const engine = await startTestEngine(directory, chain)
  running.push(engine)
  await expect.poll(() => engine.snapshot().wallet?.account, { timeout: 20_000, interval: 50 }).toBeTruthy()
  return engine
}

/** A customer's voucher for so many tokens, redeemed. */
async function earn(tokens: string): Promise<void> {
  const { network } = chain
  const node = (await openHome(directory).keys.ensureRoleKeys()).storage.address
  const treasury = await chain.provider.getSigner(0)
  const wallet = new Wallet(hexlify(randomBytes(32)), chain.provider)
  await (await treasury.sendTransaction({ to: wallet.address, value: parseEther('1') })).wait()
  const amountWei = parseEther(tokens)
  await sendAndWait(treasury, encodeTransfer(network, { to: wallet.address, amountWei }), { timeoutMs })
  await sendAndWait(wallet, encodeApprove(network, {}), { timeoutMs })
  await sendAndWait(wallet, encodeLock(network, { nodes: [node], amountsWei: [amountWei] }), { timeoutMs })
  const lane = hexlify(randomBytes(32))
  const voucher = { customer: wallet.address, node, lane, cumulativeWei: amountWei, expirySeconds: 4_000_000_000 }
  const { domain, types, value } = voucherTypedData(network, voucher)
  const signature = await wallet.signTypedData(domain, types, value)
  await sendAndWait(treasury, encodeRedeem(network, { voucher, signature }), { timeoutMs })
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
    const device = openDevice({ home, choice: { kind: 'practiceKey' }, log: silentLog })
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
