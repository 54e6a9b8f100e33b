import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sameAddress } from '../../../roles/api/values.ts'
import { writeFileAtomic } from '../../../roles/persistence/index.ts'
import type { Home } from '../../store/index.ts'
import { readRunning } from '../running-file.ts'
import { neighbourDirectory } from './neighbour-keys.ts'

/** Tickets of customers who named a neighbour as their repairer, in a folder of the neighbour's own. */
export type TicketFolder = {
  add(ticket: Uint8Array): Promise<void>
  list(): Promise<{ readonly name: string; readonly ticket: Uint8Array }[]>
  remove(name: string): Promise<void>
}

/** The folder for tickets below a neighbour's directory; it comes into being with the first. */
export function openTicketFolder(directory: string): TicketFolder {
  const folder = join(directory, 'tickets')
  return {
    async add(ticket) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const name = createHash('sha256').update(ticket).digest('hex').slice(0, 32)
      await writeFileAtomic(join(folder, `${name}.ticket`), ticket, { mode: 0o600 })
    },
    async list() {
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.ticket')).sort()
      return Promise.all(names.map(async (name) => ({ name, ticket: await readFile(join(folder, name)) })))
    },
    remove: (name) => rm(join(folder, name), { force: true }),
  }
}

/**
 * Gives a ticket to the neighbour that was named, as a person would send it by mail. False when the node is no neighbour of
 * this home's practice network, or that network does not run here.
 */
export async function handToNeighbour(home: Home, node: string, ticket: Uint8Array): Promise<boolean> {
  if (home.holder('practice') === null) return false
  const { neighbours = [] } = (await readRunning(home.directory)) ?? {}
  const index = neighbours.findIndex((one) => sameAddress(one.node, node))
  if (index === -1) return false
  await openTicketFolder(neighbourDirectory(home.practiceDirectory(), index)).add(ticket)
  return true
}
