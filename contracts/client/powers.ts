import { getAddress, ZeroAddress } from 'ethers'
import type { Chain } from './chain.ts'
import { readContract, type ReadOptions } from './read-contract.ts'

/** Something that was announced and takes effect at a time in seconds since 1970. */
export type Announced = { readonly address: string; readonly effectiveAtSeconds: number }

/** Who holds which power over a deployment, and what is announced. Null where nobody does, and where nothing is. */
export type Powers = {
  readonly admin: string
  readonly proposedAdmin: string | null
  readonly guard: string | null
  readonly minter: string | null
  readonly proposedMinter: Announced | null
  readonly successor: Announced | null
  readonly paused: boolean
  /** False while paused, and for ever once a successor's notice is over. */
  readonly newWorkAllowed: boolean
}

/** Reads all powers at one block (PROTOCOL 2.7). */
export async function readPowers(chain: Chain, options: ReadOptions = {}): Promise<Powers> {
  const at = { ...options, blockTag: options.blockTag ?? (await chain.provider.getBlockNumber()) }
  const read = (method: string) => readContract(chain, 'Stewardship', method, [], at)
  const [admin, proposedAdmin, guard, minter, proposedMinter, successor, paused, allowed] = await Promise.all([
    read('admin'),
    read('proposedAdmin'),
    read('guard'),
    read('minter'),
    read('proposedMinter'),
    read('successor'),
    read('paused'),
    read('newWorkAllowed'),
  ])
  return {
    admin: getAddress(String(admin[0])),
    proposedAdmin: somebody(proposedAdmin[0]),
    guard: somebody(guard[0]),
    minter: somebody(minter[0]),
    proposedMinter: announced(proposedMinter),
    successor: announced(successor),
    paused: Boolean(paused[0]),
    newWorkAllowed: Boolean(allowed[0]),
  }
}

function somebody(address: unknown): string | null {
  const text = getAddress(String(address))
  return text === ZeroAddress ? null : text
}

function announced(values: readonly unknown[]): Announced | null {
  const address = somebody(values[0])
  return address === null ? null : { address, effectiveAtSeconds: Number(values[1]) }
}
