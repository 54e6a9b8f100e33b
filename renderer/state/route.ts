import { useSyncExternalStore } from 'react'

export const screens = [
  'overview',
  'hardware',
  'storage',
  'render',
  'earnings',
  'wallet',
  'activity',
  'settings',
] as const

export type ScreenName = (typeof screens)[number]

/** Address of a screen inside the window. */
export function screenHref(screen: ScreenName): string {
  return `#/${screen}`
}

/** The screen that an address names; anything else is the overview. */
export function screenOfHash(hash: string): ScreenName {
  const name = hash.replace(/^#\//, '')
  return screens.find((screen) => screen === name) ?? 'overview'
}

/** The screen that the window shows. */
export function useScreen(): ScreenName {
  return useSyncExternalStore(subscribeToHash, () => screenOfHash(window.location.hash))
}

function subscribeToHash(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}
