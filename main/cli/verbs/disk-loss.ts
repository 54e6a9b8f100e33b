import type { DiskStatus } from '../../../roles/api/disks.ts'
import { openChain, readNode } from '../../../contracts/client/index.ts'
import { untouchedIntent } from '../../api/settings.ts'
import type { StakeView } from '../../api/snapshot.ts'
import { openStakeBook } from '../../earnings/index.ts'
import { changeDisks, diskLabel } from '../../governor/index.ts'
import { formatBytes, formatWei } from '../output/format.ts'
import { joinNetwork } from './join-network.ts'
import { readLeaveStatus } from './role-leave.ts'
import type { VerbContext } from './verb.ts'

/** What it means that a disk never comes back. */
export type DiskLoss = {
  readonly path: string | null
  readonly pieces: number
  readonly bytes: number
  /** Customers whose contracts end, each with one fault. */
  readonly customers: number
  /** Most that the running period would have paid for them. */
  readonly periodPayWei: bigint | null
  /** Most that is taken from the stake for those faults; null when the chain could not be asked. */
  readonly stakeTakenWei: bigint | null
}

/** Faults in the window that cost only their pay (PROTOCOL 5.5). */
const freeFaults = 2
/** Of the stake, for each fault beyond those, and most in one window (PROTOCOL 3.1). */
const hundredthsPerFault = 1
const mostHundredths = 10

/** `hearth role disks lose PATH` without --yes: says what would be given up and starts nothing. */
export async function showLoss(
  context: VerbContext,
  change: { readonly kind: 'lose'; readonly path: string | null },
  statuses: readonly DiskStatus[],
): Promise<void> {
  const home = context.home()
  // Refused here already where it would be refused with --yes.
  changeDisks((await home.settings.read()).roles.storage ?? untouchedIntent, change, statuses)
  const status = statuses.find(({ path }) => path === change.path)
  const leaving = await readLeaveStatus(home)
  const stake = await readStakeView(context).catch(() => null)
  const customers = status?.customers ?? 0
  const loss: DiskLoss = {
    path: change.path,
    pieces: status?.pieces ?? 0,
    bytes: status?.usedBytes ?? 0,
    customers,
    periodPayWei: leaving === null ? null : mostPay(leaving.sets, customers),
    stakeTakenWei: stake === null ? null : stakeTaken(stake, customers),
  }
  context.output.result({ started: false, ...loss }, () => describe(loss))
}

/** The pay of the dearest sets, since it is not said which ones have pieces there. Pure. */
export function mostPay(sets: readonly { readonly periodPayWei: string }[], customers: number): bigint {
  const pays = sets.map(({ periodPayWei }) => BigInt(periodPayWei)).sort((left, right) => (left > right ? -1 : 1))
  return pays.slice(0, customers).reduce((sum, wei) => sum + wei, 0n)
}

/** What so many faults more would take at most. Pure. */
export function stakeTaken(
  { provisionWei, faultsInWindow }: Pick<StakeView, 'provisionWei' | 'faultsInWindow'>,
  faults: number,
): bigint {
  const costly = Math.max(0, faults - Math.max(0, freeFaults - faultsInWindow))
  return (BigInt(provisionWei) * BigInt(Math.min(mostHundredths, costly * hundredthsPerFault))) / 100n
}

async function readStakeView(context: VerbContext): Promise<StakeView | null> {
  const home = context.home()
  const chain = openChain(await joinNetwork(context))
  try {
    const { address } = await home.keys.ensureKey('storage')
    const entry = await readNode(chain, address, { signal: context.signal })
    if (entry === null) return null
    return await openStakeBook({ chain, operator: entry.operator, node: address }).refresh({ signal: context.signal })
  } finally {
    chain.close()
  }
}

function describe({ path, pieces, bytes, customers, periodPayWei, stakeTakenWei }: DiskLoss): string[] {
  const pay = periodPayWei === null ? '' : `, up to ${formatWei(periodPayWei, '')}`
  const stake =
    stakeTakenWei === null
      ? 'What it costs in stake cannot be said now, since the chain does not answer.'
      : `From your stake it takes at most ${formatWei(stakeTakenWei, '')}.`
  return [
    `${pieces} pieces (${formatBytes(bytes)}) of ${customers} customers are on ${diskLabel(path)}.`,
    'If it never comes back: what your other disks have of these customers goes to other homes as far as it can, their contracts end,',
    `and each costs its pay for the running period${pay}, and one fault. ${stake}`,
    'Customers get the rest of their money back at once and have their files repaired elsewhere. It cannot be undone.',
    `Nothing has been started. If the disk is gone for good: \`hearth role disks lose ${path ?? 'home'} --yes\`.`,
  ]
}
