import type { ReactElement } from 'react'
import { PracticePanel } from '../../components/practice-panel.tsx'
import { runCommand, usePending } from '../../state/commands.ts'
import { useSnapshot } from '../../state/snapshot.ts'

/** The practice Ledger beside the words that it shows, inside the dialog so that both can be used. */
export function PracticeSide(): ReactElement {
  return (
    <PracticePanel
      screen={useSnapshot((snapshot) => snapshot.wallet?.practiceScreen ?? null)}
      busy={usePending('wallet:setPractice')}
      onPress={(button) => void runCommand('wallet:press', { button })}
      onSettings={(settings) => void runCommand('wallet:setPractice', settings)}
      layout="beside"
    />
  )
}
