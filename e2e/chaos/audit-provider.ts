import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { hexlify } from 'ethers'
import { openDatabaseForReading, type Row } from '../../roles/persistence/index.ts'
import { buildPieceTree } from '../../roles/storage/protocol/piece-tree.ts'
import { hashtreeHasher } from '../../roles/storage/customer/hashtree-hasher.ts'
import type { RoleEvent } from '../../roles/api/messages.ts'
import type { ChaosProvider } from './start-town.ts'

/** What a provider's books said at an earlier look; nothing of it may ever fall. */
export type ProviderMemory = {
  readonly lanes: Map<string, { cumulativeWei: bigint; redeemedWei: bigint }>
  /** Pieces whose bytes were hashed since they were acknowledged. */
  readonly hashed: Set<string>
}

export const newProviderMemory = (): ProviderMemory => ({ lanes: new Map(), hashed: new Set() })

type Books = { readonly pieces: Map<string, Row>; readonly vouchers: Row[]; readonly proofs: Set<string> }

/** All that is wrong with a provider's disk and books, measured by what it acknowledged in its earlier lives. */
export function auditProvider(provider: ChaosProvider, memory: ProviderMemory, options: { all: boolean }): string[] {
  const { directory } = provider.process.config
  const books = readBooks(join(directory, 'storage.sqlite'))
  const said = provider.said.flatMap((line) => (line.kind === 'event' ? [line.event] : []))
  const wrong = [
    ...auditPieces(join(directory, 'pieces', 'pieces'), books, said, memory, options.all),
    ...auditVouchers(books, said, memory),
    ...auditProofs(books, said),
  ]
  return wrong.map((what) => `${provider.process.name}: ${what}`)
}

function readBooks(path: string): Books {
  const database = openDatabaseForReading(path)
  try {
    const pieces = database.prepare('SELECT root, length_bytes, damaged FROM pieces').all()
    const proofs = database.prepare('SELECT customer, period FROM proofs').all()
    return {
      pieces: new Map(pieces.map((row) => [String(row['root']), row])),
      vouchers: database.prepare('SELECT * FROM vouchers').all(),
      proofs: new Set(proofs.map((row) => `${String(row['customer'])} ${String(row['period'])}`)),
    }
  } finally {
    database.close()
  }
}

function auditPieces(
  folder: string,
  { pieces }: Books,
  said: readonly RoleEvent[],
  memory: ProviderMemory,
  all: boolean,
): string[] {
  const wrong: string[] = []
  const acknowledged = new Set<string>()
  for (const event of said) {
    if (event.kind === 'pieceStored') acknowledged.add(event.root)
    if (event.kind === 'pieceRemoved') acknowledged.delete(event.root)
    if (event.kind === 'pieceDamaged') wrong.push(`piece ${event.root} was called damaged`)
  }
  for (const root of acknowledged) {
    const row = pieces.get(root)
    if (row === undefined) wrong.push(`acknowledged piece ${root} is not in the index`)
    else if (row['damaged'] !== 0) wrong.push(`acknowledged piece ${root} is marked damaged`)
  }
  for (const [root, row] of pieces) {
    if (!all && memory.hashed.has(root)) continue
    const problem = problemOfFile(join(folder, root.slice(2, 4), root.slice(2)), root, Number(row['length_bytes']))
    if (problem === null) memory.hashed.add(root)
    else wrong.push(problem)
  }
  return wrong
}

function problemOfFile(path: string, root: string, lengthBytes: number): string | null {
  try {
    if (statSync(path).size !== lengthBytes) return `piece ${root} has ${statSync(path).size} of ${lengthBytes} bytes`
    const found = hexlify(buildPieceTree(readFileSync(path), hashtreeHasher).root)
    return found === root ? null : `the bytes of piece ${root} have another root`
  } catch (error) {
    return `piece ${root} cannot be read: ${String(error)}`
  }
}

function auditVouchers({ vouchers }: Books, said: readonly RoleEvent[], memory: ProviderMemory): string[] {
  const wrong: string[] = []
  const lanes = new Map(
    vouchers.map((row) => [
      String(row['lane']),
      { cumulativeWei: BigInt(String(row['cumulative_wei'])), redeemedWei: BigInt(String(row['redeemed_wei'])) },
    ]),
  )
  for (const row of vouchers) {
    if (BigInt(String(row['spent_wei'])) > BigInt(String(row['cumulative_wei'])))
      wrong.push(`lane ${String(row['lane'])} has spent more than it holds`)
  }
  for (const [lane, before] of memory.lanes) {
    const now = lanes.get(lane)
    if (now === undefined || now.cumulativeWei < before.cumulativeWei || now.redeemedWei < before.redeemedWei)
      wrong.push(`lane ${lane} fell from ${before.cumulativeWei}/${before.redeemedWei} wei`)
  }
  const totals = [...lanes.values()].map((lane) => lane.cumulativeWei)
  for (const event of said) {
    if (event.kind === 'voucherReceived' && !totals.some((total) => total >= BigInt(event.cumulativeWei)))
      wrong.push(`no lane holds the ${event.cumulativeWei} wei that were acknowledged`)
  }
  lanes.forEach((lane, name) => memory.lanes.set(name, lane))
  return wrong
}

function auditProofs({ proofs }: Books, said: readonly RoleEvent[]): string[] {
  return said.flatMap((event) =>
    event.kind === 'proofAccepted' && !proofs.has(`${event.customer.toLowerCase()} ${event.period}`)
      ? [`the accepted proof of period ${event.period} is not noted`]
      : [],
  )
}

/** Temporary files that a provider left; only to be asked while nobody uploads to it. */
export function leftovers(provider: ChaosProvider): string[] {
  const names = readdirSync(join(provider.process.config.directory, 'pieces', 'incoming'))
  return names.map((name) => `${provider.process.name}: ${name} was left among the incoming files`)
}
