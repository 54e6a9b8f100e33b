/**
 * The locale for numbers and dates. Sentences are English, so a region is taken only from an English preference:
 * a mix of English words and, say, German dates reads worse than either.
 */
export const formatLocale: string = chooseFormatLocale(globalThis.navigator?.languages ?? [])

/** First English entry of the person's preferences, else plain `en`. */
export function chooseFormatLocale(preferences: readonly string[]): string {
  return preferences.find((tag) => tag === 'en' || tag.startsWith('en-')) ?? 'en'
}
