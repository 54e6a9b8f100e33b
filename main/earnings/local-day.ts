/** The calendar day of a time where this computer is, as `YYYY-MM-DD`. */
export function localDayOf(epochMs: number): string {
  const date = new Date(epochMs)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** The last `count` local days, newest first. Steps by calendar, since days at a clock change are not 24 hours long. */
export function lastLocalDays(nowMs: number, count: number): string[] {
  const today = new Date(nowMs)
  return Array.from({ length: count }, (_, back) =>
    localDayOf(new Date(today.getFullYear(), today.getMonth(), today.getDate() - back, 12).getTime()),
  )
}

/** When the day that contains a time began, in epoch milliseconds. */
export function localDayStartMs(epochMs: number): number {
  const date = new Date(epochMs)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}
