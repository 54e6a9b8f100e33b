import { randomBytes, randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { addressSchema, bytes32Schema } from '../../../roles/api/values.ts'
import { writeFileAtomic } from '../../../roles/persistence/index.ts'

/** What makes this home's practice chain its own; kept beside its state with mode 0600. */
const chainIdentitySchema = z.object({
  formatVersion: z.literal(1),
  chainId: z.number().int().positive(),
  /** Time of the chain's first block. */
  genesisSeconds: z.number().int().positive(),
  /** Key of the account that deploys, funds and keeps seeds coming. */
  faucetKey: bytes32Schema,
  /** Filled in when the contracts stand. */
  deployed: z
    .object({
      genesisHash: bytes32Schema,
      bytecodeHash: bytes32Schema,
      deployedAtBlock: z.number().int(),
      contracts: z.record(z.string(), addressSchema),
    })
    .nullable(),
})

export type ChainIdentity = Readonly<z.infer<typeof chainIdentitySchema>>

/** Chain ids of practice chains: nine digits, above every registered network that people use. */
const smallestChainId = 900_000_000
const largestChainId = 999_999_999

export function newChainIdentity(): ChainIdentity {
  return {
    formatVersion: 1,
    chainId: randomInt(smallestChainId, largestChainId + 1),
    genesisSeconds: Math.floor(Date.now() / 1000),
    faucetKey: `0x${randomBytes(32).toString('hex')}`,
    deployed: null,
  }
}

function pathOf(practiceDirectory: string): string {
  return join(practiceDirectory, 'chain.json')
}

/** The stored identity, or null when there is none or it cannot be understood (the chain is then made anew). */
export async function readChainIdentity(practiceDirectory: string): Promise<ChainIdentity | null> {
  try {
    return chainIdentitySchema.parse(JSON.parse(await readFile(pathOf(practiceDirectory), 'utf8')))
  } catch {
    return null
  }
}

export async function writeChainIdentity(practiceDirectory: string, identity: ChainIdentity): Promise<void> {
  await writeFileAtomic(pathOf(practiceDirectory), `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600 })
}
