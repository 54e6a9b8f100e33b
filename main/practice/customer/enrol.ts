import type { Chain } from '../../../contracts/client/index.ts'
import type { Enrolment } from '../messages.ts'

/** Asks the practice network to fund accounts (`hearth_enrol`); harmless when they are funded. */
export async function enrol(chain: Chain, enrolment: Enrolment): Promise<void> {
  await chain.provider.send('hearth_enrol', [enrolment])
}
