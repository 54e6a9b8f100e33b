import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../roles/persistence/index.ts'
import { parseRoot } from '../../roles/storage/provider/piece-root.ts'
import { providerMigrations } from '../../roles/storage/provider/provider-schema.ts'
import { everythingAllowed } from '../../roles/storage/provider/testing/everything-allowed.ts'
import { openTestStore } from '../../roles/storage/provider/testing/open-test-store.ts'
import { randomPiece } from '../../roles/storage/provider/testing/random-piece.ts'
import { auditProvider, leftovers, newProviderMemory } from './audit-provider.ts'
import { ChaosProcess } from './chaos-process.ts'
import type { Line } from './messages.ts'
import type { ChaosProvider } from './start-town.ts'

const customer = `0x${'c'.repeat(40)}`
let directory = ''
let root = ''
let provider: ChaosProvider & { said: Line[] }

/** A provider that has one piece, acknowledged, in the places where the role keeps them. */
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-audit-'))
  const work = join(directory, 'pieces')
  const open = await openTestStore(directory, () => everythingAllowed, work)
  const piece = randomPiece(100_000)
  root = piece.rootText
  const bytes = (async function* () {
    yield piece.bytes
  })()
  const announced = { root: parseRoot(root), lengthBytes: 100_000, customer, keepUntilSeconds: 4_000_000_000 }
  await open.store.store(announced, bytes)
  open.close()
  for (const suffix of ['', '-wal', '-shm'])
    renameIfThere(join(directory, `index.sqlite${suffix}`), join(directory, `storage.sqlite${suffix}`))
  const ground = { network: {}, key: '', gasKey: '', operator: '', listen: [], bootstrapPeers: [], leaving: null }
  const process = new ChaosProcess({ name: 'it', file: '', config: { ...ground, directory } })
  const event = { kind: 'pieceStored' as const, root, lengthBytes: 100_000, customer }
  provider = { node: '', operator: '', process, said: [{ kind: 'event', event }] }
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch {
    // A database that was closed in order has no log beside it.
  }
}

const audit = (): string[] => auditProvider(provider, newProviderMemory(), { all: true })
const file = (): string => join(directory, 'pieces', 'pieces', root.slice(2, 4), root.slice(2))
const change = (sql: string): void => {
  const database = openDatabase(join(directory, 'storage.sqlite'), providerMigrations)
  database.exec(sql)
  database.close()
}

describe('the look at a provider after a kill', () => {
  it('finds nothing wrong where nothing is', () => {
    expect(audit()).toEqual([])
    expect(leftovers(provider)).toEqual([])
  })

  it('sees a lost file, a shortened one, a flipped bit and a forgotten entry', () => {
    writeFileSync(file(), new Uint8Array(100_000))
    expect(audit()).toEqual([expect.stringContaining('another root')])
    writeFileSync(file(), 'half')
    expect(audit()).toEqual([expect.stringContaining('4 of 100000 bytes')])
    rmSync(file())
    expect(audit()).toEqual([expect.stringContaining('cannot be read')])
    change('DELETE FROM pieces')
    expect(audit()).toEqual([expect.stringContaining('not in the index')])
  })

  it('sees a voucher that fell, one that was acknowledged and is gone, and one spent twice', () => {
    const memory = newProviderMemory()
    change(`INSERT INTO vouchers VALUES ('${customer}', '0xaa', '500', 1, x'00', '100', '0')`)
    expect(auditProvider(provider, memory, { all: true })).toEqual([])
    change(`UPDATE vouchers SET cumulative_wei = '400', spent_wei = '401'`)
    const found = auditProvider(provider, memory, { all: true })
    expect(found).toEqual([expect.stringContaining('spent more'), expect.stringContaining('fell from 500')])
    provider.said.push({ kind: 'event', event: { kind: 'voucherReceived', customer, cumulativeWei: '450' } })
    expect(audit()).toContainEqual(expect.stringContaining('450 wei that were acknowledged'))
  })

  it('sees a proof that is not noted, and a file that was left half written', () => {
    const proof = { kind: 'proofAccepted' as const, customer, period: 7, transactionHash: root, blockNumber: 1 }
    provider.said.push({ kind: 'event', event: proof })
    expect(audit()).toEqual([expect.stringContaining('period 7')])
    mkdirSync(join(directory, 'pieces', 'incoming'), { recursive: true })
    writeFileSync(join(directory, 'pieces', 'incoming', 'half.tmp'), '')
    expect(leftovers(provider)).toHaveLength(1)
  })
})
