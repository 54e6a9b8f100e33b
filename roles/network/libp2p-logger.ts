import type { ComponentLogger, Logger } from '@libp2p/interface'

/**
 * A logger for libp2p that does nothing and costs nothing: its own writes a line for every frame, and what matters of
 * its failures reaches us as errors of the calls that met them.
 */
export const quietLogger: ComponentLogger = { forComponent: () => quiet }

const quiet: Logger = Object.assign(() => undefined, {
  error: () => undefined,
  trace: () => undefined,
  enabled: false,
  newScope: () => quiet,
})
