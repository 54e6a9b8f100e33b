import type { Undo } from '../../../roles/api/values.ts'
import type { PracticeButton, PracticeScreen } from '../../api/wallet.ts'
import type { PracticeLedger } from './practice-ledger.ts'

export type Decision = 'approve' | 'refuse'

/** The press that brings a question nearer to a decision; null when nothing is asked. Pure. */
export function nextPress({ model, buttons, page, pages }: PracticeScreen, decision: Decision): PracticeButton | null {
  const has = (button: PracticeButton) => buttons.includes(button)
  if (model === 'touch') {
    if (decision === 'refuse') return has('reject') ? 'reject' : null
    return has('confirm') ? 'confirm' : has('next') ? 'next' : null
  }
  // Approving is the last page but one, refusing the last.
  if (pages > 1 && page === (decision === 'approve' ? pages - 1 : pages)) return has('both') ? 'both' : null
  return has('right') ? 'right' : null
}

/** Reads every question through and decides it always the same way, for scripts. The undo stops it. */
export function pressAlways(ledger: PracticeLedger, decision: Decision): Undo {
  let stopped = false
  const act = () => {
    const button = stopped ? null : nextPress(ledger.screen(), decision)
    if (button !== null) ledger.press(button)
  }
  // Later, so that whoever follows the screen sees each page.
  const undo = ledger.onChange(() => void setImmediate(act))
  setImmediate(act)
  return () => {
    stopped = true
    undo()
  }
}
