import { authorize } from './consent/authorize.ts'
import { claim } from './consent/claim.ts'
import { payout } from './consent/payout.ts'
import { revoke } from './consent/revoke.ts'
import { transfer } from './consent/transfer.ts'
import { energy } from './energy/index.ts'
import { detect } from './detect.ts'
import { doctor } from './doctor.ts'
import { earnings } from './earnings.ts'
import { epoch } from './epoch.ts'
import { meter } from './meter/index.ts'
import { node } from './node.ts'
import { practice } from './practice.ts'
import { practiceLedger } from './practice-ledger.ts'
import { repairTickets } from './repair.ts'
import { render } from './render/index.ts'
import { role } from './role.ts'
import { store } from './store/index.ts'
import { stake, unstake } from './stake.ts'
import type { Verb } from './verb.ts'

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [
  detect,
  practice,
  practiceLedger,
  node,
  role,
  store,
  repairTickets,
  render,
  meter,
  energy,
  earnings,
  epoch,
  authorize,
  revoke,
  claim,
  payout,
  transfer,
  stake,
  unstake,
  doctor,
]
