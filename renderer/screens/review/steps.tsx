import { Check } from 'lucide-react'
import type { ReactElement } from 'react'
import { cn } from '../../components/cn.ts'
import { t } from '../../format/message.ts'
import type { ConsentStep } from '../../state/consent.ts'

const steps = ['review', 'device', 'sending', 'confirming', 'done'] as const

type StepState = 'done' | 'now' | 'later'

/** State of each step while one is under way; after a failure all but the reading are to come again. */
export function stateOfStep(name: (typeof steps)[number], current: ConsentStep): StepState {
  if (current === 'done') return 'done'
  const at = current === 'failed' ? 0 : steps.indexOf(current)
  const index = steps.indexOf(name)
  return index < at ? 'done' : index === at ? 'now' : 'later'
}

/** Read, answer on the device, send, confirm, done: where it stands. */
export function Steps({ step }: { step: ConsentStep }): ReactElement {
  return (
    <ol aria-label={t('review.steps')} data-testid="consent-step" data-step={step} className="flex flex-wrap gap-2">
      {steps.map((name, index) => (
        <Step key={name} name={name} number={index + 1} state={stateOfStep(name, step)} />
      ))}
    </ol>
  )
}

function Step(props: { name: (typeof steps)[number]; number: number; state: StepState }): ReactElement {
  const { name, number, state } = props
  return (
    <li
      aria-current={state === 'now' ? 'step' : undefined}
      className={cn(
        'flex items-center gap-2 rounded-full border px-3 py-1 text-sm font-medium',
        state === 'now' && 'border-ember-fill bg-glow text-ink',
        state === 'done' && 'border-transparent bg-moss-wash text-moss',
        state === 'later' && 'border-line text-soft',
      )}
    >
      {state === 'done' ? (
        <Check aria-hidden="true" className="size-4" />
      ) : (
        <span aria-hidden="true" className="tabular-nums">
          {number}
        </span>
      )}
      {t(`review.step.${name}`)}
      <span className="sr-only">({t(`review.state.${state}`)})</span>
    </li>
  )
}
