import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { listDataSets, listPieces, readDataSet, readHeir } from '../../contracts/client/index.ts'
import { sameAddress } from '../../roles/api/values.ts'
import { openDatabaseForReading } from '../../roles/persistence/index.ts'
import { leap, put, unproven, type StoredFile } from './operations.ts'
import type { ChaosProvider, ChaosTown } from './start-town.ts'

const proofPatienceMs = 30_000

/** Stores files while the last `strangers` providers are away, so that these hold nothing and may be heirs. */
export async function storeWithoutStrangers(
  town: ChaosTown,
  options: { readonly strangers: number; readonly files: number; readonly bytes: number },
): Promise<StoredFile[]> {
  const strangers = town.providers.slice(-options.strangers)
  for (const { process } of strangers) await process.kill()
  const stored: StoredFile[] = []
  for (let index = 0; index < options.files; index++) {
    const [outcome, file] = await put(town, `file-${index}`, options.bytes)
    if (file === null) throw new Error(`A put failed: ${JSON.stringify(outcome)}`)
    stored.push(file)
  }
  await proveAll(town)
  for (const { process } of strangers) await process.start()
  return stored
}

/** Leaps to the next period and waits until all who live have proven it. */
export async function proveAll(town: ChaosTown): Promise<void> {
  const living = new Set(town.providers.filter(({ process }) => process.lives).map(({ node }) => node))
  const { period } = await leap(town)
  const deadline = performance.now() + proofPatienceMs
  while ((await unproven(town, period, living)).length > 0 && performance.now() < deadline) await wait(300)
}

/** Roots that count in the customer's set on a node. */
export async function rootsAt(town: ChaosTown, node: string): Promise<string[]> {
  const pieces = await listPieces(town.test.chain, town.customerAddress, node)
  return pieces.filter((piece) => !piece.removed).map(({ root }) => root)
}

/** Of each root, the nodes in whose running sets it counts. */
export async function homesOf(town: ChaosTown, roots: readonly string[]): Promise<Map<string, string[]>> {
  const homes = new Map(roots.map((root) => [root, [] as string[]]))
  const sets = await listDataSets(town.test.chain, { customer: town.customerAddress })
  for (const { node, ended } of sets) {
    if (ended) continue
    for (const root of await rootsAt(town, node)) homes.get(root)?.push(node)
  }
  return homes
}

export const setOf = (town: ChaosTown, provider: ChaosProvider) =>
  readDataSet(town.test.chain, town.customerAddress, provider.node)

/** The provider that takes the set: by contract, else the one whom the leaver has chosen, which its records tell. */
export async function heirOf(town: ChaosTown, leaver: ChaosProvider): Promise<ChaosProvider | null> {
  const named = await readHeir(town.test.chain, town.customerAddress, leaver.node)
  const heir = named ?? chosenHeir(leaver)
  return town.providers.find(({ node }) => heir !== null && sameAddress(node, heir)) ?? null
}

function chosenHeir(leaver: ChaosProvider): string | null {
  const database = openDatabaseForReading(join(leaver.process.config.directory, 'storage.sqlite'))
  try {
    const row = database.prepare('SELECT heir FROM exit_heirs').get()
    return row === null ? null : String(row['heir'])
  } finally {
    database.close()
  }
}

/** Dead ones live again. */
export async function reviveAll(town: ChaosTown): Promise<void> {
  for (const { process } of town.providers) if (!process.lives) await process.start()
}

/** Kills a process after a while and starts it again; a death that came sooner by itself counts as well. */
export async function killAfter(provider: ChaosProvider, afterMs: number): Promise<void> {
  await Promise.race([provider.process.ended, wait(afterMs)])
  await provider.process.kill()
  await provider.process.start()
}
