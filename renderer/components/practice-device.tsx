import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { ReactElement } from 'react'
import { t } from '../format/message.ts'
import { cn } from './cn.ts'

/** What the practice device has on its screen; the shape of `PracticeScreen` in main's messages. */
export type DeviceScreen = {
  readonly model: 'touch' | 'twoButton'
  readonly lines: readonly string[]
  /** Counted from one, as the device shows it. */
  readonly page: number
  readonly pages: number
  readonly buttons: readonly DeviceButton[]
  readonly locked: boolean
}

export type DeviceButton = 'left' | 'right' | 'both' | 'next' | 'back' | 'reject' | 'confirm'

type PracticeDeviceProps = {
  readonly screen: DeviceScreen
  readonly onPress: (button: DeviceButton) => void
  /** Two may be in the window at once: on the page, and beside a review over it. */
  readonly label?: string
}

/**
 * A drawn device with a screen and buttons that work by mouse and keyboard. It is always marked as practice: it looks like
 * what it stands for only so far as a rehearsal needs.
 */
export function PracticeDevice({
  screen,
  onPress,
  label = t('practiceDevice.name'),
}: PracticeDeviceProps): ReactElement {
  return (
    <section
      aria-label={label}
      data-testid="practice-device"
      data-model={screen.model}
      className="flex flex-col items-center gap-3"
    >
      {screen.model === 'touch' ? (
        <TouchDevice screen={screen} onPress={onPress} />
      ) : (
        <TwoButtonDevice screen={screen} onPress={onPress} />
      )}
      <p className="max-w-64 text-center text-sm text-soft">{t('practiceDevice.mark')}</p>
    </section>
  )
}

function TouchDevice({ screen, onPress }: PracticeDeviceProps): ReactElement {
  const has = (button: DeviceButton): boolean => screen.buttons.includes(button)
  const turn = has('back') || has('next')
  return (
    <div className="w-64 max-w-full rounded-[2rem] border border-hearth-line bg-hearth p-3.5 shadow-card">
      <div className="flex min-h-80 flex-col rounded-[1.25rem] bg-[#f7f5f0] p-4 text-[#1a1512]">
        <PageMark screen={screen} />
        <Lines screen={screen} className="flex-1 text-[0.9375rem] leading-6" />
        {turn && (
          <div className="mb-2 flex justify-between gap-2">
            <ScreenKey button="back" enabled={has('back')} onPress={onPress} />
            <ScreenKey button="next" enabled={has('next')} onPress={onPress} />
          </div>
        )}
        {(has('reject') || has('confirm')) && (
          <div className="flex flex-col gap-2">
            {has('confirm') && <ScreenKey button="confirm" enabled strong onPress={onPress} />}
            {has('reject') && <ScreenKey button="reject" enabled onPress={onPress} />}
          </div>
        )}
      </div>
    </div>
  )
}

/** A key drawn on the touch screen. */
function ScreenKey(props: {
  button: DeviceButton
  enabled: boolean
  strong?: boolean
  onPress: (button: DeviceButton) => void
}): ReactElement {
  return (
    <button
      type="button"
      disabled={!props.enabled}
      onClick={() => props.onPress(props.button)}
      className={cn(
        'min-h-11 flex-1 rounded-full border border-[#1a1512] px-4 text-sm font-medium disabled:invisible focus-visible:outline-[#b9430e]',
        props.strong === true && 'bg-[#1a1512] text-[#f7f5f0]',
      )}
    >
      {t(`practiceDevice.button.${props.button}`)}
    </button>
  )
}

/** Left and right turn the pages; both together answer, which here is a third key in the middle. */
function TwoButtonDevice({ screen, onPress }: PracticeDeviceProps): ReactElement {
  return (
    <div className="flex w-[23rem] max-w-full flex-col gap-2.5 rounded-[1.5rem] border border-hearth-line bg-hearth p-3.5 shadow-card">
      <div className="flex items-stretch justify-between gap-2.5">
        <SideKey button="left" screen={screen} onPress={onPress} />
        <SideKey button="both" screen={screen} onPress={onPress} />
        <SideKey button="right" screen={screen} onPress={onPress} />
      </div>
      <div className="min-h-28 rounded-lg bg-[#0b0908] px-4 py-3 text-[#f7f5f0]">
        <PageMark screen={screen} />
        <Lines screen={screen} className="text-center text-sm leading-6" />
      </div>
    </div>
  )
}

function SideKey(props: PracticeDeviceProps & { button: 'left' | 'both' | 'right' }): ReactElement {
  const { button } = props
  return (
    <button
      type="button"
      aria-disabled={!props.screen.buttons.includes(button)}
      onClick={() => props.onPress(button)}
      className="flex min-h-11 flex-1 items-center justify-center gap-1 rounded-xl border border-cream-soft/60 px-2 text-sm font-medium text-cream hover:bg-hearth-line focus-visible:outline-[#f07a35] aria-disabled:text-cream-soft"
    >
      {button !== 'right' && <ChevronLeft aria-hidden="true" className="size-4" />}
      {t(`practiceDevice.button.${button}`)}
      {button !== 'left' && <ChevronRight aria-hidden="true" className="size-4" />}
    </button>
  )
}

function PageMark({ screen }: { screen: DeviceScreen }): ReactElement | null {
  if (screen.pages <= 1) return null
  return (
    <p className="mb-2 text-center text-xs opacity-80 tabular-nums">
      {t('practiceDevice.page', { page: screen.page, pages: screen.pages })}
    </p>
  )
}

/** Each line as the device has it; read out when they change. */
function Lines({ screen, className }: { screen: DeviceScreen; className?: string }): ReactElement {
  return (
    <div aria-live="polite" data-testid="practice-screen" className={cn('font-mono', className)}>
      {screen.lines.map((line, index) => (
        <p key={`${index} ${line}`} className="min-h-6 whitespace-pre-wrap wrap-anywhere">
          {line}
        </p>
      ))}
    </div>
  )
}
