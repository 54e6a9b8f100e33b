import type { Log } from '../../roles/api/values.ts'
import { appOrigin } from '../api/app-origin.ts'
import { requestChannels, type RequestChannel, type RequestHandlers } from '../api/channels.ts'
import type { Sender } from './sender.ts'

/** The sender that passes, for tests to bend. */
export const ourWindowId = 7
export const trusted: Sender = { webContentsId: ourWindowId, isMainFrame: true, url: `${appOrigin}/index.html` }

export const channelNames = Object.keys(requestChannels) as RequestChannel[]

/** Handlers that only record that they were reached. */
export function recordingHandlers(reached: RequestChannel[]): RequestHandlers {
  const entries = channelNames.map((channel) => [channel, async () => void reached.push(channel)] as const)
  return Object.fromEntries(entries) as unknown as RequestHandlers
}

export type LogLine = { readonly level: string; readonly message: string; readonly details: unknown }

/** A log that keeps its lines in memory. */
export function memoryLog(lines: LogLine[]): Log {
  const at = (level: string) => (message: string, details?: unknown) => void lines.push({ level, message, details })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
