import { hasMessage, t } from '../../format/message.ts'
import { describeWei } from '../../format/money.ts'
import { formatPercent } from '../../format/number.ts'
import type { EarningsOverview } from '../../state/snapshot.ts'

type Week = NonNullable<EarningsOverview['week']>

/** Differences below this share of the week before are no difference to a person. */
const sameShare = 0.01

/** How this week compares with the one before, in words. */
export function compareWeeks(week: Pick<Week, 'thisWei' | 'lastWei'>): {
  readonly words: string
  readonly isLess: boolean
} {
  const before = BigInt(week.lastWei)
  if (before === 0n) return { words: t('earnings.week.first'), isLess: false }
  const change = Number(((BigInt(week.thisWei) - before) * 10_000n) / before) / 10_000
  if (Math.abs(change) < sameShare) return { words: t('earnings.week.same'), isLess: false }
  const percent = formatPercent(Math.abs(change))
  return change < 0
    ? { words: t('earnings.week.less', { percent }), isLess: true }
    : { words: t('earnings.week.more', { percent }), isLess: false }
}

/** A recorded cause in words. One that is newer than this window still shows, by its code. */
export function describeReason(
  { code, values }: Week['reasons'][number],
  currency: Parameters<typeof describeWei>[1],
): string {
  const key = `earnings.week.reason.${code}`
  if (!hasMessage(key)) return t('earnings.week.unknown', { code })
  try {
    const { wei } = values
    return t(key, typeof wei === 'string' ? { ...values, wei: describeWei(wei, currency) } : values)
  } catch {
    return t('earnings.week.unknown', { code })
  }
}
