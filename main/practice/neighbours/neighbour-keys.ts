import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { bytes32Schema } from '../../../roles/api/values.ts'
import { writeFileAtomic } from '../../../roles/persistence/index.ts'

/** Keys of one neighbour: a household of its own, with an operator, a node for each role and an account for gas. */
const neighbourKeysSchema = z.object({
  operator: bytes32Schema,
  storage: bytes32Schema,
  render: bytes32Schema,
  gas: bytes32Schema,
})

export type NeighbourKeys = Readonly<z.infer<typeof neighbourKeysSchema>>

/** Folder of neighbour `index` (from 0): practice/neighbours/1 and so on. */
export function neighbourDirectory(practiceDirectory: string, index: number): string {
  return join(practiceDirectory, 'neighbours', String(index + 1))
}

/** The keys of a neighbour, made on first use. They guard practice tokens only. */
export async function ensureNeighbourKeys(directory: string): Promise<NeighbourKeys> {
  const path = join(directory, 'keys.json')
  const text = await readFile(path, 'utf8').catch(() => null)
  const known = text === null ? null : parse(text)
  if (known !== null) return known
  const keys = { operator: randomKey(), storage: randomKey(), render: randomKey(), gas: randomKey() }
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await writeFileAtomic(path, JSON.stringify(keys), { mode: 0o600 })
  return keys
}

function parse(text: string): NeighbourKeys | null {
  try {
    return neighbourKeysSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Below the curve's order but for a chance of 2^-128. */
function randomKey(): string {
  return `0x${randomBytes(32).toString('hex')}`
}
