import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Wallet } from 'ethers'
import { openDatabase, type Database } from '../../persistence/index.ts'
import {
  mixCheckpoint,
  mixImages,
  readImage,
  tellCommits,
  writeImage,
  type DatabaseImage,
} from '../../persistence/testing/cut-database.ts'
import { volatileFolder } from '../../persistence/testing/volatile-folder.ts'
import { createNodeVoucherStore, voucherMigrations } from '../node-voucher-store.ts'
import { signVoucher } from '../sign-voucher.ts'
import { testNetwork } from './test-network.ts'

/** The database after one commit: its files, and all that stands in it. */
type Commit = { readonly image: DatabaseImage; readonly rows: string; readonly checkpoint: boolean }

const customer = new Wallet(`0x${'11'.repeat(32)}`)
const node = new Wallet(`0x${'22'.repeat(32)}`).address
const payments = 24
/** One checkpoint in the middle: pages move from the log into the file. */
const checkpointAfter = 12

/** Takes, refunds and redeems vouchers and keeps the files of every commit. */
export async function recordVouchers(): Promise<readonly Commit[]> {
  const top = mkdtempSync(join(volatileFolder(), 'hearth-vouchers-'))
  const path = join(top, 'node.sqlite')
  const database = openDatabase(path, voucherMigrations)
  const commits: Commit[] = []
  const note = (checkpoint = false): void =>
    void commits.push({ image: readImage(path), rows: rowsOf(database), checkpoint })
  try {
    note()
    const store = createNodeVoucherStore(tellCommits(database, note), testNetwork, node)
    const nowSeconds = Math.floor(Date.now() / 1000)
    for (let paid = 1; paid <= payments; paid++) {
      const lane = `0x${(paid % 3).toString().repeat(64)}`
      const total = { customer: customer.address, node, lane, cumulativeWei: BigInt(100 * paid) }
      const voucher = await signVoucher(customer, testNetwork, { ...total, expirySeconds: nowSeconds + 10_000 })
      const work = {
        customer: customer.address,
        lengthBytes: 2 ** 21,
        lockedWei: 10n ** 9n,
        nowSeconds,
        creditBytes: 0,
      }
      store.charge({ ...work, priceWei: 90n, voucher })
      if (paid % 4 === 0) store.refund({ customer: customer.address, lane, wei: 30n, bytes: 9 })
      if (paid % 5 === 0) store.setRedeemed(customer.address, lane, 50n)
      if (paid !== checkpointAfter) continue
      database.exec('PRAGMA wal_checkpoint(PASSIVE)')
      note(true)
    }
    return commits
  } finally {
    database.close()
    rmSync(top, { recursive: true, force: true })
  }
}

/** Cuts the power after a commit, or within the next one; what is there must be the one state or the other, whole. */
export function cutVouchers(commits: readonly Commit[], at: number, within: boolean, random: () => number): string[] {
  const top = mkdtempSync(join(volatileFolder(), 'hearth-cut-'))
  const path = join(top, 'node.sqlite')
  const [before, after] = [commits[at]!, commits[at + 1]]
  const mixed = after !== undefined && within
  const image = !mixed
    ? before.image
    : (after.checkpoint ? mixCheckpoint : mixImages)(before.image, after.image, random)
  try {
    writeImage(path, image)
    const database = openDatabase(path, voucherMigrations)
    const rows = rowsOf(database)
    database.close()
    const allowed = mixed ? [before.rows, after.rows] : [before.rows]
    return allowed.includes(rows) ? [] : [`cut after commit ${at}${mixed ? ' and within the next' : ''}: found ${rows}`]
  } catch (error) {
    return [`cut after commit ${at}: ${String(error)}`]
  } finally {
    rmSync(top, { recursive: true, force: true })
  }
}

/** Cuts after and within every commit, round after round, until `cuts` are done. */
export async function cutVouchersEverywhere(
  cuts: number,
  random: () => number,
): Promise<{ cuts: number; wrong: string[] }> {
  const commits = await recordVouchers()
  const wrong: string[] = []
  let done = 0
  while (done < cuts) {
    for (let at = 0; at < commits.length; at++) {
      for (const within of [false, true, true, true]) {
        wrong.push(...cutVouchers(commits, at, within, random))
        done++
      }
    }
  }
  return { cuts: done, wrong }
}

function rowsOf(database: Database): string {
  const text = (_key: string, value: unknown): unknown =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
  const all = ['vouchers', 'trust'].map((table) => database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all())
  return JSON.stringify(all, text)
}
