import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../components/button.tsx'
import { t } from '../format/message.ts'
import { formatMoment, startOfTomorrow } from '../format/time.ts'
import { useNow } from '../state/clock.ts'
import { runCommand, usePending } from '../state/commands.ts'
import { selectPause } from '../state/selectors.ts'
import { useSnapshot } from '../state/snapshot.ts'

const hourMs = 60 * 60 * 1000

/** Pauses all work from anywhere with two presses, resumes with one. Shown once something is switched on. */
export function PauseControl(): ReactElement | null {
  const snapshot = useSnapshot((whole) => whole)
  const nowMs = useNow()
  const [choosing, setChoosing] = useState(false)
  const pause = selectPause(snapshot, nowMs)
  if (pause !== null) return <ResumeButton untilMs={pause.untilMs} nowMs={nowMs} />
  if (!snapshot.roles.some((role) => role.intent.on)) return null
  return (
    <div className="flex flex-col gap-1">
      <Button
        size="small"
        aria-expanded={choosing}
        aria-controls="pause-choices"
        onClick={() => setChoosing(!choosing)}
        className="rail:h-auto rail:flex-col rail:py-2 rail:text-xs wide:h-9 wide:flex-row wide:py-0 wide:text-sm"
      >
        <Pause aria-hidden="true" className="size-4" />
        {t('pause.title')}
      </Button>
      <div id="pause-choices" hidden={!choosing}>
        {choosing && <PauseChoices nowMs={nowMs} onChosen={() => setChoosing(false)} />}
      </div>
    </div>
  )
}

function PauseChoices({ nowMs, onChosen }: { nowMs: number; onChosen: () => void }): ReactElement {
  const choices = [
    { label: t('pause.hour'), untilMs: nowMs + hourMs },
    { label: t('pause.tomorrow'), untilMs: startOfTomorrow(nowMs) },
    { label: t('pause.open'), untilMs: null },
  ]
  return (
    <div
      role="group"
      aria-label={t('pause.choose')}
      className="flex flex-col gap-1 rounded-xl border border-line bg-surface p-1"
    >
      {choices.map(({ label, untilMs }) => (
        <Button
          key={label}
          tone="quiet"
          size="small"
          className="w-full rail:px-1 rail:text-xs wide:px-3 wide:text-sm"
          onClick={() => {
            onChosen()
            void runCommand('roles:pauseAll', { untilMs })
          }}
        >
          {label}
        </Button>
      ))}
    </div>
  )
}

function ResumeButton({ untilMs, nowMs }: { untilMs: number | null; nowMs: number }): ReactElement {
  const pending = usePending('roles:resumeAll')
  return (
    <div className="flex flex-col gap-2 rounded-2xl bg-honey-wash p-3 text-sm rail:p-2 rail:text-center rail:text-xs wide:p-3 wide:text-left wide:text-sm">
      <p className="font-medium text-honey">
        {untilMs === null ? t('pause.activeOpen') : t('pause.activeUntil', { until: formatMoment(untilMs, nowMs) })}
      </p>
      <Button
        size="small"
        pending={pending}
        className="rail:px-1 rail:text-xs wide:px-3 wide:text-sm"
        onClick={() => void runCommand('roles:resumeAll', undefined)}
      >
        <Play aria-hidden="true" className="size-4 rail:hidden wide:block" />
        {t('pause.resume')}
      </Button>
    </div>
  )
}
