import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listDataSets } from '../../contracts/client/index.ts'
import { nextPeriod } from '../../contracts/script/testing/actors.ts'
import { openDatabase } from '../../roles/persistence/index.ts'
import { providerMigrations } from '../../roles/storage/provider/provider-schema.ts'
import type { Order } from './messages.ts'
import type { ChaosProvider, ChaosTown } from './start-town.ts'

export const phases = ['put', 'get', 'proof', 'scrub', 'repair'] as const
export type Phase = (typeof phases)[number]

/** A file whose put the customer acknowledged. */
export type StoredFile = { readonly name: string; readonly sha256: string; manifest: string }

/** How one order to the customer ended; `interrupted` when the customer died over it. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: string | null }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'interrupted' }

const orderTimeoutMs = 120_000

/** Gives the customer an order and waits for its end. Rejects when it says nothing for two minutes. */
export async function giveOrder(town: ChaosTown, order: Order): Promise<Outcome> {
  town.customer.order(order)
  const line = await town.customer.next((said) => said.kind === 'done' || said.kind === 'failed', orderTimeoutMs)
  if (line?.kind === 'done' || line?.kind === 'failed') return line
  return { kind: 'interrupted' }
}

/** Puts a random file; resolves to it when it was acknowledged. */
export async function put(town: ChaosTown, name: string, bytes: number): Promise<[Outcome, StoredFile | null]> {
  const [path, manifest] = [join(town.directory, name), join(town.directory, `${name}.manifest`)]
  const content = randomBytes(bytes)
  writeFileSync(path, content)
  const outcome = await giveOrder(town, { kind: 'put', path, pathName: name, manifest })
  rmSync(path)
  if (outcome.kind !== 'done') return [outcome, null]
  return [outcome, { name, sha256: createHash('sha256').update(content).digest('hex'), manifest }]
}

/** Gets a file; an answer that differs by a bit is told in `wrong`. */
export async function get(town: ChaosTown, file: StoredFile): Promise<{ outcome: Outcome; wrong: string[] }> {
  const output = join(town.directory, `${file.name}.back`)
  const outcome = await giveOrder(town, { kind: 'get', manifest: file.manifest, output })
  if (outcome.kind !== 'done') return { outcome, wrong: [] }
  const sha256 = createHash('sha256').update(readFileSync(output)).digest('hex')
  rmSync(output)
  return { outcome, wrong: sha256 === file.sha256 ? [] : [`the file ${file.name} came back with other bytes`] }
}

/** Rebuilds what a file has lost; a repaired file goes on under its new manifest. */
export async function repair(town: ChaosTown, file: StoredFile): Promise<Outcome> {
  const repaired = `${file.manifest}.repaired`
  const outcome = await giveOrder(town, { kind: 'repair', manifest: file.manifest, repaired })
  if (outcome.kind === 'done' && outcome.result !== null) file.manifest = outcome.result
  return outcome
}

/** Leaps to the next period, with its seed drawn; the providers then prove by themselves. */
export const leap = (town: ChaosTown): Promise<{ period: number }> => nextPeriod(town.test)

/** Sets that are not proven in this period yet, of the given providers. */
export async function unproven(town: ChaosTown, period: number, nodes: ReadonlySet<string>): Promise<string[]> {
  const sets = await listDataSets(town.test.chain, { customer: town.customerAddress })
  return sets
    .filter((set) => nodes.has(set.node) && set.frozenLeafCount > 0 && set.lastProvenPeriod !== period)
    .map((set) => set.node)
}

/** Makes a dead provider's whole store due for a scrub: thirty days pass for it, so that its next life begins to read. */
export function letScrubBeDue(provider: ChaosProvider): void {
  const database = openDatabase(join(provider.process.config.directory, 'storage.sqlite'), providerMigrations)
  database.exec('UPDATE pieces SET scrubbed_at_ms = 0')
  database.close()
}
