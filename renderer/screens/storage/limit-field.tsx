import { useId, useState } from 'react'
import type { CSSProperties, ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { t } from '../../format/message.ts'
import { bytesPerGigabyte, formatBytes } from '../../format/number.ts'
import { minimumLimitBytes, suggestedLimit } from './choose-disk.ts'
import type { DiskOption } from './choose-disk.ts'

type LimitFieldProps = {
  readonly option: DiskOption
  readonly limitBytes: number | null
  readonly onChange: (limitBytes: number) => void
}

/** A slider for the eye and a number for precision over the same limit. */
export function LimitField({ option, limitBytes, onChange }: LimitFieldProps): ReactElement {
  const id = useId()
  if (option.suitability === null || limitBytes === null)
    return <p className="text-soft">{t('storage.verdict.noneText')}</p>
  const maximum = Math.floor(option.suitability.maximumLimitBytes / bytesPerGigabyte)
  const gigabytes = limitBytes / bytesPerGigabyte
  const fill = maximum <= 1 ? 100 : ((gigabytes - 1) / (maximum - 1)) * 100
  const suggested = suggestedLimit(option) ?? limitBytes
  return (
    <div>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <label htmlFor={id} className="font-medium">
          {t('storage.limits.limit')}
        </label>
        <LimitNumber key={limitBytes} id={id} gigabytes={gigabytes} maximum={maximum} onChange={onChange} />
      </div>
      <input
        type="range"
        aria-label={t('storage.limits.limit')}
        aria-valuetext={formatBytes(limitBytes)}
        min={1}
        max={Math.max(1, maximum)}
        step={1}
        value={Math.round(gigabytes)}
        onChange={(event) => onChange(Number(event.currentTarget.value) * bytesPerGigabyte)}
        style={{ '--fill': `${Math.min(100, Math.max(0, fill))}%` } as CSSProperties}
        className="range mt-1"
      />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm text-soft">
        <p>{t('storage.limits.max', { max: formatBytes(option.suitability.maximumLimitBytes) })}</p>
        {suggested !== limitBytes && (
          <Button size="small" tone="quiet" onClick={() => onChange(suggested)}>
            {t('storage.limits.suggest', { suggested: formatBytes(suggested) })}
          </Button>
        )}
      </div>
    </div>
  )
}

/** Keeps what is being typed; only a number within the bounds becomes the limit. */
function LimitNumber(props: {
  id: string
  gigabytes: number
  maximum: number
  onChange: (limitBytes: number) => void
}): ReactElement {
  const [text, setText] = useState(String(Number(props.gigabytes.toFixed(3))))
  const value = Number(text)
  const valid = text.trim() !== '' && Number.isFinite(value) && value >= 1 && value <= props.maximum
  const accept = (): void => {
    if (valid && value !== props.gigabytes) props.onChange(Math.round(value * bytesPerGigabyte))
  }
  const range = { min: formatBytes(minimumLimitBytes), max: formatBytes(props.maximum * bytesPerGigabyte) }
  return (
    <div>
      <span className="flex items-center gap-2">
        <input
          id={props.id}
          type="text"
          inputMode="decimal"
          value={text}
          aria-invalid={!valid}
          aria-describedby={valid ? undefined : `${props.id}-problem`}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={accept}
          onKeyDown={(event) => {
            if (event.key === 'Enter') accept()
          }}
          className="h-11 w-28 rounded-xl border border-edge bg-surface px-3 text-right tabular-nums aria-invalid:border-rust"
        />
        <span aria-hidden="true">{t('storage.limits.limitUnit')}</span>
      </span>
      {!valid && (
        <p id={`${props.id}-problem`} role="alert" className="mt-1 text-right text-sm text-rust">
          {t('storage.limits.outOfRange', range)}
        </p>
      )}
    </div>
  )
}
