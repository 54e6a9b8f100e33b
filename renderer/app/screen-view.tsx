import { Suspense, lazy, useEffect } from 'react'
import type { ComponentType, LazyExoticComponent, ReactElement } from 'react'
import { Skeleton } from '../components/skeleton.tsx'
import { t } from '../format/message.ts'
import { Overview } from '../screens/overview/overview.tsx'
import type { ScreenName } from '../state/route.ts'

/** The first screen comes with the window; the others when they are opened, so that the window opens fast. */
const lazyScreens: Readonly<Record<Exclude<ScreenName, 'overview'>, LazyExoticComponent<ComponentType>>> = {
  hardware: lazy(async () => ({ default: (await import('../screens/hardware/hardware.tsx')).Hardware })),
  storage: lazy(async () => ({ default: (await import('../screens/storage/storage.tsx')).Storage })),
  activity: lazy(async () => ({ default: (await import('../screens/activity/activity.tsx')).ActivityScreen })),
  settings: lazy(async () => ({ default: (await import('../screens/settings/settings.tsx')).Settings })),
}

type ScreenViewProps = { readonly screen: ScreenName; readonly onArrived: (screen: ScreenName) => void }

/** Renders the screen of a name, with its outline while its code loads. */
export function ScreenView({ screen, onArrived }: ScreenViewProps): ReactElement {
  const Screen = screen === 'overview' ? Overview : lazyScreens[screen]
  return (
    <Suspense fallback={<ScreenSkeleton screen={screen} />}>
      <Screen />
      <Arrival screen={screen} onArrived={onArrived} />
    </Suspense>
  )
}

/** Tells that its siblings are on screen: effects inside a boundary wait until all of it is. */
function Arrival({ screen, onArrived }: ScreenViewProps): null {
  useEffect(() => onArrived(screen), [screen, onArrived])
  return null
}

function ScreenSkeleton({ screen }: { screen: ScreenName }): ReactElement {
  return (
    <div aria-busy="true" className="mx-auto flex w-full max-w-[68rem] flex-col gap-6">
      <h1 className="sr-only">{t(`nav.${screen}`)}</h1>
      <Skeleton className="h-9 w-48" />
      <Skeleton className="h-48 w-full rounded-card" />
      <Skeleton className="h-48 w-full rounded-card" />
    </div>
  )
}
