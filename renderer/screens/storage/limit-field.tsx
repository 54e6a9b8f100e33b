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
  /** Told while typing, so that nothing is agreed to that is not what the field shows. */
  readonly onValid: (valid: boolean) => void
}

/** A slider for the eye and a number for precision over the same limit. */
export function LimitField({ option, limitBytes, onChange, onValid }: LimitFieldProps): ReactElement {
  const id = useId()
  if (option.suitability === null || limitBytes === null) {
    return <p className="text-soft">{t('storage.verdict.noneText')}</p>
  }
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
        <LimitNumber {...{ id, gigabytes, maximum, onChange, onValid }} />
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

type LimitNumberProps = {
  readonly id: string
  readonly gigabytes: number
  readonly maximum: number
  readonly onChange: (limitBytes: number) => void
  readonly onValid: (valid: boolean) => void
}

/** Keeps what is being typed; only a number within the bounds becomes the limit. */
function LimitNumber({ id, gigabytes, maximum, onChange, onValid }: LimitNumberProps): ReactElement {
  const [typed, setTyped] = useState({ text: textOf(gigabytes), gigabytes })
  // The limit was moved by other means: what was typed before no longer counts.
  const text = typed.gigabytes === gigabytes ? typed.text : textOf(gigabytes)
  const valid = isWithin(text, maximum)
  const accept = (): void => {
    const value = Number(text)
    if (valid && value !== gigabytes) onChange(Math.round(value * bytesPerGigabyte))
  }
  return (
    <div>
      <span className="flex items-center gap-2">
        <input
          id={id}
          type="text"
          inputMode="decimal"
          value={text}
          aria-invalid={!valid}
          aria-describedby={valid ? undefined : `${id}-problem`}
          onChange={(event) => {
            setTyped({ text: event.currentTarget.value, gigabytes })
            onValid(isWithin(event.currentTarget.value, maximum))
          }}
          onBlur={accept}
          onKeyDown={(event) => {
            if (event.key === 'Enter') accept()
          }}
          className="h-11 w-28 rounded-xl border border-edge bg-surface px-3 text-right tabular-nums aria-invalid:border-rust"
        />
        <span aria-hidden="true">{t('storage.limits.limitUnit')}</span>
      </span>
      {!valid && <OutOfRange id={`${id}-problem`} maximum={maximum} />}
    </div>
  )
}

function OutOfRange({ id, maximum }: { id: string; maximum: number }): ReactElement {
  const range = { min: formatBytes(minimumLimitBytes), max: formatBytes(maximum * bytesPerGigabyte) }
  return (
    <p id={id} role="alert" className="mt-1 text-right text-sm text-rust">
      {t('storage.limits.outOfRange', range)}
    </p>
  )
}

function textOf(gigabytes: number): string {
  return String(Number(gigabytes.toFixed(3)))
}

function isWithin(text: string, maximum: number): boolean {
  const value = Number(text)
  return text.trim() !== '' && Number.isFinite(value) && value >= 1 && value <= maximum
}
