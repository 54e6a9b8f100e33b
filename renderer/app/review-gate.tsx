import { Suspense, lazy } from 'react'
import type { ReactElement } from 'react'
import { useConsentStore } from '../state/consent.ts'

/** The review comes with the first question, not with the window. */
const ReviewDialog = lazy(async () => ({
  default: (await import('../screens/review/review-dialog.tsx')).ReviewDialog,
}))

/** The one place where the operator is asked, above whatever screen asked. */
export function ReviewGate(): ReactElement | null {
  const isOpen = useConsentStore((store) => store.open.kind !== 'closed')
  if (!isOpen) return null
  return (
    <Suspense fallback={null}>
      <ReviewDialog />
    </Suspense>
  )
}
