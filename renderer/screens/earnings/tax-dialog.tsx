import { useEffect, useId, useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Notice } from '../../components/notice.tsx'
import { RadioCards } from '../../components/radio-cards.tsx'
import { TextField } from '../../components/text-field.tsx'
import { describeFailure } from '../../format/failure.ts'
import { t } from '../../format/message.ts'
import { taxExport } from '../../state/money-tasks.ts'
import { useCurrency } from '../../state/snapshot.ts'
import { readTaxPrice, taxProblems } from './read-tax.ts'
import type { TaxForm } from './read-tax.ts'

const kinds = ['none', 'fixed', 'table'] as const

/** Asks for prices, if any, and has main write the table of payments. */
export function TaxDialog({ onClose }: { onClose: () => void }): ReactElement {
  const { symbol, practice } = useCurrency()
  const [form, setForm] = useState<TaxForm>({ kind: 'none', price: '', currency: 'EUR', csv: '' })
  const task = taxExport.useStore()
  useEffect(() => taxExport.reset, [])
  const price = readTaxPrice(form)
  const options = kinds.map((value) => ({ value, title: t(`tax.price.${value}`), text: t(`tax.price.${value}Text`) }))
  const change = (part: Partial<TaxForm>): void => setForm({ ...form, ...part })
  const save = (): void => {
    if (price !== null) void taxExport.run({ price })
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
      title={t('tax.title')}
      description={t('tax.text')}
      actions={
        <>
          <Button onClick={onClose}>{t('action.close')}</Button>
          <Button tone="primary" disabled={price === null} pending={task.kind === 'running'} onClick={save}>
            {t('tax.save')}
          </Button>
        </>
      }
    >
      <div className="mt-5 flex flex-col gap-5">
        <RadioCards
          label={t('tax.price', { symbol })}
          value={form.kind}
          options={options}
          onChoose={(kind) => change({ kind })}
        />
        <PriceFields form={form} onChange={change} />
        {practice === true && <p className="text-sm text-soft">{t('tax.practice')}</p>}
        <Result />
      </div>
    </Dialog>
  )
}

type PriceFieldsProps = { readonly form: TaxForm; readonly onChange: (part: Partial<TaxForm>) => void }

function PriceFields({ form, onChange }: PriceFieldsProps): ReactElement | null {
  const problems = taxProblems(form)
  if (form.kind === 'none') return null
  return (
    <>
      {form.kind === 'fixed' && (
        <TextField
          label={t('tax.fixed')}
          value={form.price}
          onChange={(price) => onChange({ price })}
          numeric
          problem={form.price !== '' && problems.price ? t('tax.fixedProblem') : null}
        />
      )}
      {form.kind === 'table' && <PriceTable form={form} onChange={onChange} line={problems.line} />}
      <TextField
        label={t('tax.currency')}
        value={form.currency}
        onChange={(currency) => onChange({ currency })}
        problem={problems.currency ? t('tax.currencyProblem') : null}
      />
    </>
  )
}

function PriceTable({ form, onChange, line }: PriceFieldsProps & { readonly line: number | null }): ReactElement {
  const id = useId()
  const problem =
    form.csv === '' || line === null ? null : line === 0 ? t('tax.tableEmpty') : t('tax.tableProblem', { line })
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {t('tax.table')}
      </label>
      <textarea
        id={id}
        rows={6}
        spellCheck={false}
        value={form.csv}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-words`}
        onChange={(event) => onChange({ csv: event.currentTarget.value })}
        className="w-full rounded-xl border border-edge bg-surface p-3 font-mono text-sm aria-invalid:border-rust"
      />
      <p id={`${id}-words`} className={problem === null ? 'mt-1 text-sm text-soft' : 'mt-1 text-sm text-rust'}>
        {problem ?? t('tax.tableHint')}
      </p>
    </div>
  )
}

/** What became of it: where the file is, or why there is none. */
function Result(): ReactElement | null {
  const task = taxExport.useStore()
  switch (task.kind) {
    case 'idle':
      return null
    case 'running':
      return (
        <p role="status" className="text-soft">
          {t('tax.saving')}
        </p>
      )
    case 'failed': {
      const { message, action } = describeFailure(task.failure)
      return <Notice tone="bad" urgent title={message} text={action} />
    }
    case 'done': {
      const { savedAs, rows } = task.value
      const words = savedAs === null ? t('tax.notSaved') : t('tax.saved', { rows, file: savedAs })
      return <Notice tone={savedAs === null ? 'info' : 'good'} urgent title={words} />
    }
  }
}
