import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { t } from '../format/message.ts'
import { Button } from './button.tsx'

/** How long the button says that it has copied. */
const saidMs = 2_000

type State = 'idle' | 'copied' | 'failed'

/** Copies a text. `label` says which, for those who hear it; with `bare` only the picture shows. */
export function CopyButton({
  text,
  label,
  bare = false,
}: {
  text: string
  label: string
  bare?: boolean
}): ReactElement {
  const [state, setState] = useState<State>('idle')
  useEffect(() => {
    if (state !== 'copied') return
    const timer = setTimeout(() => setState('idle'), saidMs)
    return () => clearTimeout(timer)
  }, [state])
  const Icon = state === 'copied' ? Check : Copy
  const word = state === 'copied' ? t('action.copied') : t('action.copy')
  return (
    <>
      <Button
        size="small"
        tone={bare ? 'quiet' : 'secondary'}
        aria-label={state === 'copied' ? t('action.copied') : label}
        title={label}
        className={bare ? 'min-w-9 px-0' : undefined}
        onClick={() => setState(copyText(text) ? 'copied' : 'failed')}
      >
        <Icon aria-hidden="true" className="size-4" />
        {!bare && word}
      </Button>
      <span role="status" className={state === 'failed' ? 'text-sm text-rust' : 'sr-only'}>
        {state === 'failed' ? t('action.notCopied') : state === 'copied' ? t('action.copied') : ''}
      </span>
    </>
  )
}

/**
 * By the document's own command: the window has every permission denied, and the newer clipboard interface asks for one.
 * A dialog holds the focus inside itself, so the helper stands where the focus is.
 */
function copyText(text: string): boolean {
  const focused = document.activeElement
  const helper = document.createElement('textarea')
  helper.value = text
  helper.className = 'sr-only'
  const place = focused?.parentElement ?? document.body
  place.append(helper)
  helper.select()
  try {
    return document.execCommand('copy')
  } finally {
    helper.remove()
    if (focused instanceof HTMLElement) focused.focus()
  }
}
