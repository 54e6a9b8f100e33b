import { t } from './message.ts'

export type FailureWords = { readonly message: string; readonly action: string | null }

/** A failed request in words. Main writes its own; failures that arise at the bridge get theirs here, by code. */
export function describeFailure(failure: {
  readonly code: string
  readonly message: string
  readonly action: string | null
}): FailureWords {
  switch (failure.code) {
    case 'NO_BRIDGE':
      return { message: t('error.noBridge'), action: null }
    case 'TIMEOUT': {
      // The bridge puts the limit in milliseconds into the message.
      const seconds = Math.round(Number(failure.message) / 1000) || 0
      return { message: t('error.timeout', { seconds }), action: t('error.timeoutAction') }
    }
    default:
      return { message: failure.message, action: failure.action }
  }
}
