import type { EarningsOverview, WeekReasonCode } from '../../api/earnings.ts'
import { weekReasonCodes } from '../../api/earnings.ts'
import { formatWei } from '../output/format.ts'

type Week = NonNullable<EarningsOverview['week']>
type Reason = Week['reasons'][number]

/** This week against the one before, and why it brought less: the same causes that the window names. Pure. */
export function weekInWords({ week }: Pick<EarningsOverview, 'week'>, symbol: string): string[] {
  if (week === null) return ['This week against the last: shown once there are two weeks to compare.']
  const show = (wei: string) => formatWei(BigInt(wei), symbol)
  const line = `This week ${show(week.thisWei)}, the week before ${show(week.lastWei)}`
  if (BigInt(week.thisWei) >= BigInt(week.lastWei)) return [`${line}.`]
  if (week.reasons.length === 0) return [`${line}: less, and no single cause was recorded.`]
  return [`${line}. Why less:`, ...week.reasons.map((reason) => `  ${reasonInWords(reason, symbol)}`)]
}

function reasonInWords({ code, values }: Reason, symbol: string): string {
  const known = weekReasonCodes.find((one) => one === code)
  const cause = known === undefined ? `Another cause (${code})` : causeOf(known, values)
  const { wei } = values
  return typeof wei === 'string' ? `${cause}: ${formatWei(BigInt(wei), symbol)} less.` : `${cause}.`
}

function causeOf(code: WeekReasonCode, values: Reason['values']): string {
  const value = (name: string) => String(values[name] ?? '?')
  switch (code) {
    case 'fewerCustomers':
      return `Customers: ${value('gone')} left and ${value('came')} came`
    case 'timeOff':
      return `This computer worked ${value('percent')} % less of the time`
    case 'missedProofs':
      return `Proofs accepted: ${value('proofs')} fewer`
    case 'lessStored':
      return `It kept ${value('percent')} % less for customers`
    case 'lowerPrices':
      return 'Customers paid lower prices'
    case 'fewerDownloads':
      return 'There were fewer downloads'
    case 'fewerRepairs':
      return 'There were fewer repairs'
    case 'fewerFrames':
      return 'Fewer parts of pictures were rendered'
    case 'lessSold':
      return 'Less electricity was sold to neighbours'
    case 'lessRewardPerFee':
      return 'The rewards were shared by more work of others'
    case 'lessRewardForLessWork':
      return 'Less paid work brings less reward'
  }
}
