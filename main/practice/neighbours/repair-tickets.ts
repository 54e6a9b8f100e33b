import { setTimeout as delay } from 'node:timers/promises'
import { hexlify } from 'ethers'
import { HearthError } from '../../../roles/api/errors.ts'
import { repairByTicket, type TicketOutcome } from '../../../roles/storage/customer/repair-by-ticket.ts'
import { openTicket } from '../../../roles/storage/customer/repair-ticket-file.ts'
import type { RepairTicket } from '../../../roles/storage/protocol/repair-ticket.ts'
import type { OpenCustomer } from '../customer/open-customer.ts'
import type { TicketFolder } from './ticket-folder.ts'

export type RepairWork = {
  readonly tickets: TicketFolder
  /** Opens the account that repairs; asked for only while there is a ticket. */
  readonly open: () => Promise<OpenCustomer>
  readonly lookEveryMs: number
  readonly onOutcome?: (outcome: TicketOutcome) => void
  /** Why a repair stopped; told once until it changes. */
  readonly onProblem: (message: string) => void
  readonly signal: AbortSignal
}

/** A repair that could not be paid is not tried again before so many looks: fetching for it costs the repairer. */
const looksToRest = 4

/**
 * Looks after the files of all tickets in a folder until `signal` fires. A ticket whose naming is over is thrown away; a
 * budget that is used up makes it rest, since the customer may add to it. Never rejects.
 */
export async function repairByTickets(work: RepairWork): Promise<void> {
  const resting = new Map<string, Rest>()
  while (!work.signal.aborted) {
    await lookAtAll(work, resting).catch((error: unknown) => {
      if (!work.signal.aborted) work.onProblem(messageOf(error))
    })
    await delay(work.lookEveryMs, undefined, { signal: work.signal, ref: false }).catch(() => undefined)
  }
}

async function lookAtAll(work: RepairWork, resting: Map<string, Rest>): Promise<void> {
  const files = await work.tickets.list()
  if (files.length === 0) return
  const { context, close } = await work.open()
  try {
    for (const { name, ticket } of await newestOfEach(work, files, context.wallet.privateKey)) {
      const rest = resting.get(name)
      if (rest !== undefined && --rest.looks > 0) continue
      if (work.signal.aborted) return
      try {
        work.onOutcome?.(await repairByTicket(context, ticket, { signal: work.signal }))
        resting.delete(name)
      } catch (error) {
        if (work.signal.aborted) return
        if (error instanceof HearthError && error.code === 'NOT_NAMED') await work.tickets.remove(name)
        const why = messageOf(error)
        if (rest?.why !== why) work.onProblem(why)
        resting.set(name, { looks: looksToRest, why })
      }
    }
  } finally {
    await close()
  }
}

type Rest = { looks: number; readonly why: string }
type Opened = { readonly name: string; readonly ticket: RepairTicket }

/** Who adds to a budget or repairs the file gives a new ticket of it: the older ones go, and with them what is no ticket. */
async function newestOfEach(
  { tickets, onProblem }: RepairWork,
  files: Awaited<ReturnType<TicketFolder['list']>>,
  privateKey: string,
): Promise<Opened[]> {
  const newest = new Map<string, Opened>()
  for (const { name, ticket: sealed } of files) {
    try {
      const ticket = openTicket(sealed, privateKey)
      const file = hexlify(ticket.segments[0]!.maskKey)
      const known = newest.get(file)
      const isNewer = known === undefined || ticket.createdAtSeconds >= known.ticket.createdAtSeconds
      if (known !== undefined) await tickets.remove(isNewer ? known.name : name)
      if (isNewer) newest.set(file, { name, ticket })
    } catch (error) {
      onProblem(messageOf(error))
      await tickets.remove(name)
    }
  }
  return [...newest.values()]
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
