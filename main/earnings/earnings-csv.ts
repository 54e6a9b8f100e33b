import type { Earning } from '../store/index.ts'

const columns = [
  'time',
  'role',
  'kind',
  'earnedWei',
  'burnedWei',
  'rewardWei',
  'customer',
  'node',
  'block',
  'logIndex',
  'transaction',
] as const

/**
 * All payments as CSV (RFC 4180): a header and one line an event, oldest first, times in UTC, amounts in wei. No value can
 * hold a comma, a quote or a formula: all are numbers, hex or words of ours.
 */
export function earningsCsv(events: readonly Earning[]): string {
  const rows = events.map((event) => [
    new Date(event.atSeconds * 1000).toISOString(),
    event.role,
    event.kind,
    event.amountWei.toString(),
    event.burnedWei.toString(),
    event.rewardWei.toString(),
    event.customer ?? '',
    event.node,
    String(event.blockNumber),
    String(event.logIndex),
    event.transactionHash,
  ])
  return `${[columns, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`
}
