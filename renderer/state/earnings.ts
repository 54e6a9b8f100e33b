import { useEffect } from 'react'
import type { EarningDay } from '../bridge/types.ts'
import { createResource } from './resource.ts'
import type { Resource } from './resource.ts'
import { useSnapshot } from './snapshot.ts'

const { useStore, refresh } = createResource('earnings:byDay')

/** Longest stretch that any screen shows; shorter ones are cut from it, so that switching needs no new question. */
export const earningDaysLoaded = 90

/** Earnings per day, asked again whenever the total changes. */
export function useEarningDays(): Resource<readonly EarningDay[]> {
  const earnedWei = useSnapshot((snapshot) => snapshot.earnings?.earnedWei ?? null)
  useEffect(() => void refreshEarningDays(), [earnedWei])
  return useStore()
}

export function refreshEarningDays(): Promise<void> {
  return refresh({ days: earningDaysLoaded })
}

/** The last `count` days up to and including `today`, oldest first, with empty days filled in. */
export function lastDays(days: readonly EarningDay[], count: number, today: string): readonly EarningDay[] {
  const byDay = new Map(days.map((day) => [day.day, day]))
  const todayMs = Date.parse(`${today}T00:00:00Z`)
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(todayMs - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10)
    return byDay.get(day) ?? { day, earnedWei: '0', proofs: 0, byRole: {} }
  })
}
