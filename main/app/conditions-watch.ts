import type { Log, Undo } from '../../roles/api/values.ts'
import type { ConditionsLedger } from '../store/index.ts'
import { every } from './every.ts'
import type { RoleDesk } from './role-desk.ts'

const lookMs = 15_000
/** A look that comes much later means that the machine slept: the time between was no work. */
const longestSeconds = 45

/** Notes how long storage works and how much it holds, while a session lasts. */
export function watchConditions(o: { ledger: ConditionsLedger; desk: Pick<RoleDesk, 'controllers'>; log: Log }): Undo {
  let lookedMs = performance.now()
  let worked = false

  async function look(): Promise<void> {
    const nowMs = performance.now()
    const seconds = (nowMs - lookedMs) / 1000
    const controller = o.desk.controllers.get('storage')
    const works = controller?.supervised.process().kind === 'running' && controller.allowance?.work !== 'paused'
    // Only a stretch at both of whose ends it worked counts.
    const upSeconds = works && worked && seconds <= longestSeconds ? seconds : 0
    const storedBytes = controller?.supervised.status()?.storage?.usedBytes ?? 0
    o.ledger.look({ atSeconds: Date.now() / 1000, upSeconds, storedBytes })
    ;[lookedMs, worked] = [nowMs, works]
  }

  return every(lookMs, look, 'Noting how storage stands', o.log).stop
}
