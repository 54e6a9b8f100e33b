import { z } from 'zod'
import { serializeError, type SerializedError } from '../../roles/api/errors.ts'
import type { Log } from '../../roles/api/values.ts'
import { requestChannels, type BridgeResult, type RequestChannel, type RequestHandlers } from '../api/channels.ts'
import { isTrustedSender, type Sender } from './sender.ts'

export type DoorOptions = {
  readonly handlers: RequestHandlers
  readonly isOurWindow: (webContentsId: number) => boolean
  /** Checks what handlers return too. On while developing and testing: a wrong result is a bug of ours, not an attack. */
  readonly checkResults: boolean
  readonly log: Log
}

export type Door = (sender: Sender | null, channel: unknown, argument: unknown) => Promise<BridgeResult<unknown>>

type AnyHandler = (argument: unknown) => Promise<unknown>

/** What `serializeError` calls everything that nobody raised on purpose. */
const unexpectedCode = 'UNEXPECTED'

const maximumMessageLength = 400

/**
 * The one way from a window into main. A request passes when it comes from the main frame of our window on our origin,
 * names a channel of the table and carries an argument that fits the channel's schema; else no handler runs.
 *
 * Never rejects: every outcome is a `BridgeResult`, and no stack or cause crosses.
 */
export function createDoor(options: DoorOptions): Door {
  return async (sender, channel, argument) => {
    if (!isTrustedSender(sender, options.isOurWindow)) return refuse(options, 'UNTRUSTED_SENDER', sender?.url)
    if (!isChannel(channel)) return refuse(options, 'UNKNOWN_CHANNEL', channel)
    const parsed = requestChannels[channel].argument.safeParse(argument)
    if (!parsed.success) return failure(malformed(channel, parsed.error))
    return answer(options, channel, parsed.data)
  }
}

async function answer(
  options: DoorOptions,
  channel: RequestChannel,
  argument: unknown,
): Promise<BridgeResult<unknown>> {
  try {
    // The schema of this very channel accepted the argument, which the compiler cannot follow through the lookup.
    const value = await (options.handlers[channel] as AnyHandler)(argument)
    if (options.checkResults) requestChannels[channel].result.parse(value)
    return { ok: true, value }
  } catch (error) {
    return failure(expectedOrHidden(options.log, channel, error))
  }
}

function isChannel(channel: unknown): channel is RequestChannel {
  return typeof channel === 'string' && Object.hasOwn(requestChannels, channel)
}

function refuse(options: DoorOptions, code: string, what: unknown): BridgeResult<never> {
  options.log.warn('request refused', { code, what: typeof what === 'string' ? what.slice(0, 200) : typeof what })
  return failure({ code, message: 'This request is not allowed.', action: null })
}

function malformed(channel: RequestChannel, error: z.ZodError): SerializedError {
  const message = `The request ${channel} was not understood: ${z.prettifyError(error)}`
  return { code: 'BAD_REQUEST', message: message.slice(0, maximumMessageLength), action: null }
}

/** What we raised on purpose is worth showing; anything else is a bug, whose words belong in the log. */
function expectedOrHidden(log: Log, channel: RequestChannel, error: unknown): SerializedError {
  const spoken = serializeError(error)
  if (spoken.code !== unexpectedCode) return spoken
  log.error('request failed unexpectedly', { channel, error: error instanceof Error ? error.stack : String(error) })
  return {
    code: unexpectedCode,
    message: 'Something inside Hearth went wrong. Your files and earnings are not affected.',
    action: 'Try again. If it keeps happening, the log in your Hearth folder says more.',
  }
}

function failure(error: SerializedError): BridgeResult<never> {
  return { ok: false, error }
}
