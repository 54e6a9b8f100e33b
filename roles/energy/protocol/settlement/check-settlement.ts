import { checkEntries, checkHeader, checkNodes } from './check-day.ts'
import type { DayRecord } from './day-record.ts'
import type { Evidence, Fault } from './fault.ts'
import { checkLeftOut, checkOrders, checkReadings } from './check-evidence.ts'

/**
 * Everything that is wrong about a settled day: with the leaves that prove it and a sentence that says what it is. `challengeOf` tells which of it
 * can be proven on chain. Empty for an honest day. Pure; the record is what the settler disclosed and every figure in it a mere claim.
 *
 * `evidence` is what the checker itself holds: receipts of its orders, revealed orders, signed readings, the sums that were posted.
 */
export function checkSettlement(record: DayRecord, evidence: Evidence): Fault[] {
  return [
    ...record.headers.flatMap((_, place) => checkHeader(record, place)),
    ...checkEntries(record, evidence.tariff),
    ...checkNodes(record, evidence.postedNets),
    ...checkLeftOut(record, evidence),
    ...checkOrders(record, evidence),
    ...checkReadings(record, evidence),
  ]
}
