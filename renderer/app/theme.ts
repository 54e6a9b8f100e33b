import type { Snapshot } from '../state/snapshot.ts'

type Theme = Snapshot['theme']

const storageKey = 'hearth.theme'

/**
 * Sets the theme on the document; the style sheet does the rest, and "system" follows the computer live. It is remembered
 * beside the page so that the next start shows the right colours before main has answered.
 */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  try {
    localStorage.setItem(storageKey, theme)
  } catch {
    // Without storage only the first moment of the next start may differ.
  }
}

/** Applies the theme of the last start; to be called before the first render. */
export function applyRememberedTheme(): void {
  const theme = readRememberedTheme()
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme
}

function readRememberedTheme(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}
