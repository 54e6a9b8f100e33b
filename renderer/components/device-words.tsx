import type { ReactElement, ReactNode } from 'react'
import { describeDevice } from '../format/device.ts'
import { t } from '../format/message.ts'
import { CopyButton } from './copy-button.tsx'
import { StatusDot } from './status-dot.tsx'

/** A state of the device in words, with the way on; `children` are buttons of its owner. */
export function DeviceWords({
  state,
  children,
}: {
  state: Parameters<typeof describeDevice>[0]
  children?: ReactNode
}): ReactElement {
  const words = describeDevice(state)
  return (
    <div data-testid="device-state" data-state={state.kind} role="status">
      <p className="flex items-center gap-2.5 text-lg font-semibold tracking-[-0.01em]">
        <StatusDot tone={words.tone} className="size-3" />
        {words.title}
      </p>
      <p className="mt-1.5 max-w-[44rem] text-soft wrap-anywhere">{words.text}</p>
      {words.detail !== null && (
        <p className="mt-1.5 text-sm text-soft wrap-anywhere">{t('device.detail', { detail: words.detail })}</p>
      )}
      {words.file !== null && <RuleFile path={words.file.path} text={words.file.text} />}
      {children !== undefined && <div className="mt-4 flex flex-wrap gap-3">{children}</div>}
    </div>
  )
}

/** A file to make by hand: its lines, and a button that copies them. */
function RuleFile({ path, text }: { path: string; text: string }): ReactElement {
  return (
    <div className="mt-4">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm font-medium wrap-anywhere">{t('device.ruleFile', { path })}</p>
        <CopyButton text={text} label={t('device.copyRule')} />
      </div>
      <pre
        tabIndex={0}
        aria-label={t('device.ruleFile', { path })}
        role="region"
        className="overflow-x-auto rounded-xl border border-line bg-raised p-4 text-[0.8125rem] leading-6"
      >
        {text}
      </pre>
    </div>
  )
}
