import { useEffect } from 'react'
import type { ReactElement } from 'react'
import { followActivity } from '../state/activity.ts'
import { followClock } from '../state/clock.ts'
import { followSnapshot, loadSnapshot, useSnapshotStore } from '../state/snapshot.ts'
import { ErrorView } from './error-view.tsx'
import { Shell } from './shell.tsx'
import { StartSkeleton } from './start-skeleton.tsx'
import { applyTheme } from './theme.ts'

/** The gate: nothing below renders before the first snapshot is here. */
export function App(): ReactElement {
  const state = useSnapshotStore((store) => store.state)
  useEffect(() => followAll(), [])
  const theme = state.kind === 'ready' ? state.snapshot.theme : null
  useEffect(() => {
    if (theme !== null) applyTheme(theme)
  }, [theme])
  switch (state.kind) {
    case 'loading':
      return <StartSkeleton />
    case 'failed':
      return <ErrorView failure={state.failure} onRetry={() => void loadSnapshot()} />
    case 'ready':
      return <Shell />
  }
}

function followAll(): () => void {
  const undos = [followSnapshot(), followActivity(), followClock()]
  return () => undos.forEach((undo) => undo())
}
