import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { LoadFailure } from '../../components/load-failure.tsx'
import { Notice } from '../../components/notice.tsx'
import { TextField } from '../../components/text-field.tsx'
import { t } from '../../format/message.ts'
import { describeWei } from '../../format/money.ts'
import { useNewestPayments } from '../../state/earnings-overview.ts'
import { rewardCheck } from '../../state/money-tasks.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { RewardCheck } from '../../state/snapshot.ts'
import { exactTokens } from './find-differences.ts'

/** The largest number that a field of six digits holds; epochs are days. */
const epochPattern = /^[1-9][0-9]{0,8}$/

/** Recomputes a round of rewards on this computer and compares it with what the network gave. */
export function VerifyCard(): ReactElement {
  const newest = useNewestEpoch()
  const [typed, setTyped] = useState<string | null>(null)
  const task = rewardCheck.useStore()
  const text = typed ?? (newest === null ? '' : String(newest))
  const valid = epochPattern.test(text.trim())
  const verify = (): void => void rewardCheck.run({ epoch: Number(text.trim()) })
  return (
    <Card heading={t('earnings.verify.heading')}>
      <p className="mb-5 max-w-[44rem] text-soft">{t('earnings.verify.lead')}</p>
      <div className="flex flex-wrap items-start gap-4">
        <TextField
          label={t('earnings.verify.epoch')}
          value={text}
          onChange={setTyped}
          numeric
          problem={text !== '' && !valid ? t('earnings.verify.epochProblem') : null}
        />
        <Button className="mt-[1.85rem]" disabled={!valid} pending={task.kind === 'running'} onClick={verify}>
          {t('earnings.verify.action')}
        </Button>
      </div>
      <div className="mt-5 empty:hidden" aria-live="polite">
        {task.kind === 'running' && <p className="text-soft">{t('earnings.verify.running')}</p>}
        {task.kind === 'failed' && <LoadFailure failure={task.failure} onRetry={verify} />}
        {task.kind === 'done' && <Outcome check={task.value} />}
      </div>
    </Card>
  )
}

function Outcome({ check }: { check: RewardCheck }): ReactElement {
  const currency = useCurrency()
  const { epoch, operators } = check
  return (
    <div data-testid="reward-check" data-equal={check.equal}>
      {check.equal ? (
        <Notice
          tone="good"
          title={t('earnings.verify.equal')}
          text={t('earnings.verify.equalText', { epoch, operators, amount: describeWei(check.contractWei, currency) })}
        />
      ) : (
        <Notice
          tone="bad"
          urgent
          title={t('earnings.verify.differs')}
          text={t('earnings.verify.differsText', {
            epoch,
            network: exactTokens(check.contractWei),
            own: exactTokens(check.recomputedWei),
          })}
        />
      )}
    </div>
  )
}

/** The newest epoch that the ledger's first page has a reward of. */
function useNewestEpoch(): number | null {
  const { value } = useNewestPayments()
  const epochs = (value?.rows ?? []).map(({ epoch }) => epoch).filter((epoch) => epoch !== null)
  return epochs.length === 0 ? null : Math.max(...epochs)
}
