import { Suspense, lazy, useEffect } from 'react'
import type { ComponentType, LazyExoticComponent, ReactElement } from 'react'
import { Skeleton } from '../components/skeleton.tsx'
import { t } from '../format/message.ts'
import { Overview } from '../screens/overview/overview.tsx'
import type { ScreenName } from '../state/route.ts'

type LazyScreenName = Exclude<ScreenName, 'overview'>

/** The first screen comes with the window; the others when they are opened or the window has nothing else to do. */
const loaders: Readonly<Record<LazyScreenName, () => Promise<ComponentType>>> = {
  hardware: async () => (await import('../screens/hardware/hardware.tsx')).Hardware,
  storage: async () => (await import('../screens/storage/storage.tsx')).Storage,
  render: async () => (await import('../screens/render/render.tsx')).Render,
  earnings: async () => (await import('../screens/earnings/earnings.tsx')).Earnings,
  wallet: async () => (await import('../screens/wallet/wallet.tsx')).Wallet,
  activity: async () => (await import('../screens/activity/activity.tsx')).ActivityScreen,
  settings: async () => (await import('../screens/settings/settings.tsx')).Settings,
}

/** Screens whose code is here: they are drawn at once, without an outline first. */
const loaded = new Map<ScreenName, ComponentType>([['overview', Overview]])

async function load(name: LazyScreenName): Promise<{ default: ComponentType }> {
  const screen = await loaders[name]()
  loaded.set(name, screen)
  return { default: screen }
}

const lazyScreens = Object.fromEntries(
  Object.keys(loaders).map((name) => [name, lazy(() => load(name as LazyScreenName))]),
) as Record<LazyScreenName, LazyExoticComponent<ComponentType>>

/** Brings in the code of all screens while the window is idle; returns its undo. */
function loadWhenIdle(): () => void {
  const waiting = requestIdleCallback(() => {
    for (const name of Object.keys(loaders)) load(name as LazyScreenName).catch(() => {})
  })
  return () => cancelIdleCallback(waiting)
}

type ScreenViewProps = { readonly screen: ScreenName; readonly onArrived: (screen: ScreenName) => void }

/** Renders the screen of a name, with its outline while its code loads. */
export function ScreenView({ screen, onArrived }: ScreenViewProps): ReactElement {
  useEffect(loadWhenIdle, [])
  const Screen = loaded.get(screen) ?? (screen === 'overview' ? Overview : lazyScreens[screen])
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
