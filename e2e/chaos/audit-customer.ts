import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hexlify, Wallet } from 'ethers'
import { readStorageEvents, type StorageEvent } from '../../contracts/client/index.ts'
import { customerSecret } from '../../roles/storage/customer/context.ts'
import { nodeCipher } from '../../roles/storage/customer/node-crypto.ts'
import { openManifest } from '../../roles/storage/protocol/manifest-envelope.ts'
import type { ChaosTown } from './start-town.ts'

/** Every piece that the customer pays for must be named in a manifest that it kept, wherever it died. */
export async function auditCustomer(town: ChaosTown): Promise<string[]> {
  const { key, directory } = town.customer.config
  const secret = customerSecret(new Wallet(key))
  const folder = join(directory, 'manifests')
  const known = new Set<string>()
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.manifest'))) {
    const { segments } = openManifest(nodeCipher, secret, readFileSync(join(folder, name)))
    for (const { pieces } of segments) for (const { node, root } of pieces) known.add(nameOf(node, hexlify(root)))
  }
  const { chain } = town.test
  const range = { fromBlock: 0, toBlock: await chain.provider.getBlockNumber() }
  const events = await readStorageEvents(chain, { customer: town.customerAddress, ...range })
  const paid = events.flatMap((event) =>
    event.kind === 'piecesAdded' ? event.pieces.map(({ root }) => nameOf(event.node, root)) : [],
  )
  return [
    ...paid.filter((name) => !known.has(name)).map((name) => `customer: pays for ${name}, which no manifest names`),
    ...paidTwice(events).map((name) => `customer: pays twice for ${name}`),
  ]
}

/** Pieces that were added where the same piece was still paid for: one that was taken out before may come back. */
export function paidTwice(events: readonly StorageEvent[]): string[] {
  const setsByNode = new Map<string, Map<number, string>>()
  return events.flatMap((event) => {
    const pieces = setsByNode.get(event.node) ?? new Map<number, string>()
    setsByNode.set(event.node, pieces)
    if (event.kind === 'setDropped' || event.kind === 'setEnded') pieces.clear()
    if (event.kind === 'pieceRemoved') pieces.delete(event.index)
    if (event.kind !== 'piecesAdded') return []
    const known = new Set(pieces.values())
    event.pieces.forEach(({ root }, offset) => pieces.set(event.firstIndex + offset, root))
    return event.pieces.filter(({ root }) => known.has(root)).map(({ root }) => nameOf(event.node, root))
  })
}

function nameOf(node: string, root: string): string {
  return `${root} on ${node.toLowerCase()}`
}
