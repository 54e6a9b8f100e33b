import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hexlify, parseEther, randomBytes, Wallet } from 'ethers'
import { expect } from 'vitest'
import {
  encodeApprove,
  encodeLock,
  encodeRedeem,
  encodeTransfer,
  openChain,
  readTokenBalance,
  sendAndWait,
  voucherTypedData,
} from '../../../contracts/client/index.ts'
import type { EngineService } from '../../api/engine.ts'
import { openHome } from '../../store/index.ts'
import type { EngineOptions } from '../engine-options.ts'
import { startTestChain } from './test-chain.ts'
import { startTestEngine } from './test-engine.ts'

const timeoutMs = 30_000

/** A chain with a customer who pays, and one home at a time whose engine earns: for tests of what a person does with it. */
export type EarningWorld = Awaited<ReturnType<typeof openEarningWorld>>

export async function openEarningWorld() {
  const chainDirectory = mkdtempSync(join(tmpdir(), 'hearth-earning-chain-'))
  const chain = await startTestChain(chainDirectory)
  chain.provider.pollingInterval = 100
  const treasury = await chain.provider.getSigner(0)
  const customer = new Wallet(hexlify(randomBytes(32)), chain.provider)
  await (await treasury.sendTransaction({ to: customer.address, value: parseEther('1') })).wait()
  const grant = encodeTransfer(chain.network, { to: customer.address, amountWei: parseEther('1000') })
  await sendAndWait(treasury, grant, { timeoutMs })
  await sendAndWait(customer, encodeApprove(chain.network, {}), { timeoutMs })
  let directory = ''
  const running: EngineService[] = []

  const world = {
    chain,
    customer,
    treasury,
    /** Folder of the present home. */
    directory: () => directory,
    home: () => openHome(directory),
    newHome() {
      directory = mkdtempSync(join(tmpdir(), 'hearth-earning-'))
    },
    async endHome() {
      await Promise.all(running.splice(0).map((engine) => engine.stop({ deadlineMs: Date.now() + 4000 })))
      rmSync(directory, { recursive: true, force: true })
    },
    async start(change: Partial<EngineOptions> = {}): Promise<EngineService> {
      const engine = await startTestEngine(directory, chain, change)
      running.push(engine)
      await expect.poll(() => engine.snapshot().network.kind, { timeout: 20_000, interval: 50 }).toBe('ready')
      return engine
    },
    /** An engine whose keys are bound and whose operator has earned nineteen tokens. */
    async startEarning(change: Partial<EngineOptions> = {}): Promise<EngineService> {
      const engine = await world.start(change)
      await engine.switchOn({ role: 'storage', diskPath: null, diskLimitBytes: 1024 ** 3 })
      await expect.poll(() => engine.snapshot().roles[0]?.boundOnChain, { timeout: 20_000, interval: 50 }).toBe(true)
      await world.earn('20')
      return engine
    },
    /** The customer's voucher for so many tokens, redeemed. */
    async earn(tokens: string): Promise<void> {
      const { network } = chain
      const node = (await openHome(directory).keys.ensureRoleKeys()).storage.address
      const amountWei = parseEther(tokens)
      await sendAndWait(customer, encodeLock(network, { nodes: [node], amountsWei: [amountWei] }), { timeoutMs })
      const terms = { customer: customer.address, node, lane: hexlify(randomBytes(32)), expirySeconds: 4_000_000_000 }
      const voucher = { ...terms, cumulativeWei: amountWei }
      const { domain, types, value } = voucherTypedData(network, voucher)
      const signature = await customer.signTypedData(domain, types, value)
      await sendAndWait(customer, encodeRedeem(network, { voucher, signature }), { timeoutMs })
    },
    async balanceOf(account: string): Promise<bigint> {
      const reader = openChain(chain.network)
      const balance = await readTokenBalance(reader, account)
      reader.close()
      return balance
    },
    async codes(engine: EngineService): Promise<string[]> {
      return (await engine.activity({ beforeId: null, limit: 50 })).map((line) => line.code)
    },
    async close() {
      await chain.stop()
      rmSync(chainDirectory, { recursive: true, force: true })
    },
  }
  return world
}
