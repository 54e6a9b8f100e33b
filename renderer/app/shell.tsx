import { useCallback, useRef } from 'react'
import type { ReactElement } from 'react'
import { t } from '../format/message.ts'
import { useScreen } from '../state/route.ts'
import type { ScreenName } from '../state/route.ts'
import { Banners } from './banners.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { ReviewGate } from './review-gate.tsx'
import { ScreenView } from './screen-view.tsx'
import { Sidebar } from './sidebar.tsx'

/** The window: navigation beside (above, when narrow) one screen. */
export function Shell(): ReactElement {
  const screen = useScreen()
  const screenArrived = useScreenArrival(screen)
  return (
    <div className="min-h-dvh rail:pl-24 wide:pl-64">
      <a
        href="#content"
        onClick={(event) => {
          // A real jump would change the address, which names the screen.
          event.preventDefault()
          document.getElementById('page-title')?.focus()
        }}
        className="pointer-events-none fixed top-3 left-3 z-20 rounded-xl bg-ember-fill px-4 py-3 font-medium text-on-ember opacity-0 focus:pointer-events-auto focus:opacity-100"
      >
        {t('app.skip')}
      </a>
      <Sidebar screen={screen} />
      <main id="content" className="flex flex-col gap-6 p-5 pb-16 rail:p-8 wide:p-10">
        <Banners />
        <ErrorBoundary key={screen}>
          <ScreenView screen={screen} onArrived={screenArrived} />
        </ErrorBoundary>
      </main>
      <ReviewGate />
    </div>
  )
}

/**
 * What to do once a screen is there, which may be after its code has loaded: its name in the title, and, unless it is the
 * first, its heading in focus and its top in view.
 */
function useScreenArrival(first: ScreenName): (screen: ScreenName) => void {
  const shown = useRef(first)
  return useCallback((screen) => {
    document.title = t('app.title', { screen: t(`nav.${screen}`) })
    if (shown.current === screen) return
    shown.current = screen
    window.scrollTo(0, 0)
    document.getElementById('page-title')?.focus({ preventScroll: true })
  }, [])
}
