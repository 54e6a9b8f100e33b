import { getAddress, getBytes, hexlify } from 'ethers'
import {
  energyCertificates,
  energyMarket,
  hearthToken,
  payments,
  registry,
  renderMarket,
  renderPanel,
  renderPool,
  repairFund,
  rewards,
  seeds,
  stewardship,
  storageMarket,
} from '../abi/index.ts'
import { abortable } from './abortable.ts'
import type { Chain } from './chain.ts'
import { type ContractName, interfaces } from './interfaces.ts'

/** What this release knows of a contract's code: zeros stand where a deployment has its immutables. */
export type ReleaseCode = {
  readonly deployedBytecode: string
  readonly immutableReferences: readonly { readonly start: number; readonly length: number }[]
}

/**
 * `missing`: no code there. `different`: other code than this release's. `namesOthers`: this release's code, but tied to a
 * contract that the network file does not name, which may be anybody's.
 */
export type CodeVerdict = 'same' | 'missing' | 'different' | 'namesOthers'

const releaseCodes: Readonly<Record<ContractName, ReleaseCode>> = {
  HearthToken: hearthToken,
  Registry: registry,
  Seeds: seeds,
  Payments: payments,
  StorageMarket: storageMarket,
  Stewardship: stewardship,
  RepairFund: repairFund,
  Rewards: rewards,
  RenderPool: renderPool,
  RenderMarket: renderMarket,
  RenderPanel: renderPanel,
  EnergyCertificates: energyCertificates,
  EnergyMarket: energyMarket,
}
const wordBytes = 32
const addressBytes = 20

/**
 * Compares what a chain has at an address with this release's code. Pure. Immutables are masked, since they are what
 * deployments differ in (PROTOCOL 9.1); one that looks like an address must be among `known`, so that real code cannot be
 * tied to a stranger's. Chain ids, times and words cannot look like one: they are shorter or longer.
 */
export function compareBytecode(found: string, code: ReleaseCode, known: readonly string[]): CodeVerdict {
  const bytes = getBytes(found)
  if (bytes.length === 0) return 'missing'
  const expected = getBytes(code.deployedBytecode)
  if (bytes.length !== expected.length) return 'different'
  const masked = Uint8Array.from(bytes)
  for (const { start, length } of code.immutableReferences) masked.fill(0, start, start + length)
  if (!masked.every((byte, index) => byte === expected[index])) return 'different'
  const addresses = code.immutableReferences.flatMap(({ start, length }) =>
    addressIn(bytes.slice(start, start + length)),
  )
  const named = new Set(known.map((address) => getAddress(address)))
  return addresses.every((address) => named.has(address)) ? 'same' : 'namesOthers'
}

/** Compares every contract of a chain's network file with this release, at one block. */
export async function verifyContracts(
  chain: Chain,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Record<ContractName, CodeVerdict>> {
  const { contracts } = chain.network
  const names = Object.keys(interfaces) as ContractName[]
  const codes = await Promise.all(
    names.map((name) =>
      abortable(chain.provider.getCode(contracts[name]), `Reading the code of ${name}`, options.signal),
    ),
  )
  const known = Object.values(contracts)
  const verdicts = names.map((name, index) => [name, compareBytecode(codes[index]!, releaseCodeOf(name), known)])
  return Object.fromEntries(verdicts) as Record<ContractName, CodeVerdict>
}

/** A contract's code in this release. */
export function releaseCodeOf(name: ContractName): ReleaseCode {
  return releaseCodes[name]
}

/** An address is 20 bytes right-aligned in a word; numbers as long as one do not occur among immutables. */
function addressIn(word: Uint8Array): string[] {
  const head = wordBytes - addressBytes
  const padded = word.length === wordBytes && word.slice(0, head).every((byte) => byte === 0)
  const long = word.slice(head, head + 8).some((byte) => byte !== 0)
  return padded && long ? [getAddress(hexlify(word.slice(head)))] : []
}
