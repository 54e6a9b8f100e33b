import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Wallet, hexlify, randomBytes } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  encodeApprove,
  encodeLock,
  encodeRedeem,
  encodeTransfer,
  sendAndWait,
  voucherTypedData,
} from '../../contracts/client/index.ts'
import { operatorPath } from '../api/hardware-signer.ts'
import type { EarningsSummary } from '../api/snapshot.ts'
import { carryOut, localDayOf } from '../earnings/index.ts'
import { openHome } from '../store/index.ts'
import { openOperatorDevice } from '../wallet/index.ts'
import { silentLog } from '../../roles/api/values.ts'
import { openConnection } from './connection.ts'
import { openSession } from './session.ts'
import type { Session } from './session.ts'
import { startTestChain } from './testing/test-chain.ts'
import type { TestChain } from './testing/test-chain.ts'

const token = 10n ** 18n
const timeoutMs = 30_000
let directory: string
let chain: TestChain

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-earnings-'))
  chain = await startTestChain(directory)
}, 60_000)
afterAll(async () => {
  await chain.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** A customer with tokens, who has locked a hundred of them for the node and pays by vouchers on one lane. */
async function createCustomer(session: Session) {
  const { network } = chain
  const node = session.roleKeys.storage.address
  const wallet = new Wallet(hexlify(randomBytes(32)), session.chain.provider)
  const treasury = await chain.provider.getSigner(0)
  await (await treasury.sendTransaction({ to: wallet.address, value: token })).wait()
  await sendAndWait(treasury, encodeTransfer(network, { to: wallet.address, amountWei: 200n * token }), { timeoutMs })
  await sendAndWait(wallet, encodeApprove(network, {}), { timeoutMs })
  await sendAndWait(wallet, encodeLock(network, { nodes: [node], amountsWei: [100n * token] }), { timeoutMs })
  const lane = hexlify(randomBytes(32))
  return async (cumulativeWei: bigint) => {
    const voucher = { customer: wallet.address, node, lane, cumulativeWei, expirySeconds: 4_000_000_000 }
    const { domain, types, value } = voucherTypedData(network, voucher)
    const call = encodeRedeem(network, { voucher, signature: await wallet.signTypedData(domain, types, value) })
    return session.submit({ purpose: 'voucherRedeem', to: call.to, data: call.data })
  }
}

function feesAndBurned(summary: EarningsSummary): bigint {
  return BigInt(summary.earnedWei) - BigInt(summary.rewardsWei) + BigInt(summary.burnedWei)
}

test('earnings on a real chain reconcile to the wei, by day and role, also after the chain came back older', async () => {
  const home = openHome(join(directory, 'home'))
  await home.network.write(chain.network)
  const connection = await openConnection(home, chain.network)
  const { device } = openOperatorDevice({
    choice: { kind: 'practiceKey' },
    practice: true,
    keys: home.keys,
    log: silentLog,
  })
  const session = await openSession(home, connection, await device.getAddress(operatorPath))
  const { book, sender } = session
  const { signal } = new AbortController()
  await carryOut({
    ...{ subject: session, device, sender, signal, hardware: false, request: { kind: 'authorize' } },
    ...{ confirmed: { current: null, next: null }, signed: home.signedSentences(chain.network), onReview: () => {} },
    onLanded: async () => {},
  })
  expect(await book.refresh({ unredeemedWei: 0n })).toMatchObject({ earnedWei: '0', reconciles: true })

  const redeem = await createCustomer(session)
  await redeem(20n * token + 19n)
  const first = await book.refresh({ unredeemedWei: 40n })
  expect(first).toMatchObject({ reconciles: true, byRole: { storage: first.earnedWei } })
  expect(BigInt(first.accruingWei) - BigInt(first.accruingRewardsWei)).toBe(38n)
  // Nine tenths of the burned twentieth, in whole gwei, as long as the day's ceiling is far away; due or on its way.
  expect(BigInt(first.rewardsWei) + BigInt(first.accruingRewardsWei)).toBe((token * 9n) / 10n)
  expect(feesAndBurned(first)).toBe(20n * token + 19n)
  expect(BigInt(first.gasWei)).toBeGreaterThan(0n)

  await chain.save()
  await redeem(50n * token)
  const second = await book.refresh({ unredeemedWei: 0n })
  expect(second.reconciles).toBe(true)
  expect(feesAndBurned(second)).toBe(50n * token)
  expect(book.byDay(2)[0]).toMatchObject({ day: localDayOf(Date.now()), earnedWei: second.earnedWei })
  expect(book.todayWei('storage')).toBe(second.earnedWei)
  expect([...book.rows()].filter((row) => row.kind === 'work').length).toBe(2)

  await chain.kill()
  await expect(book.refresh({ unredeemedWei: 0n })).rejects.toThrow()
  expect(book.summary()).toEqual(second)
  await chain.restart()
  const rewound = await book.refresh({ unredeemedWei: 0n })
  expect(rewound.reconciles).toBe(true)
  expect(feesAndBurned(rewound)).toBe(feesAndBurned(first))
  // What the older chain has forgotten can be redeemed again, and is counted once.
  await redeem(50n * token)
  const again = await book.refresh({ unredeemedWei: 0n })
  expect(again.reconciles).toBe(true)
  expect(feesAndBurned(again)).toBe(feesAndBurned(second))
  session.close()
  connection.close()
}, 120_000)
