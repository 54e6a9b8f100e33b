import { t } from './message.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** A length of time as whole days, or as whole minutes where it is shorter: "30 days", "15 minutes". */
export function spanInWords(ms: number): string {
  if (ms >= dayMs) return t('risk.days', { days: Math.round(ms / dayMs) })
  return t('risk.minutes', { minutes: Math.round(ms / minuteMs) })
}
