import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron'
import type { EventChannel } from '../../api/channels.ts'
import { eventWire, requestWire } from '../../api/wire.ts'

/** The facts about a sender that a door decides on. */
export type SenderFacts = { readonly webContentsId: number; readonly isMainFrame: boolean; readonly url: string }

/**
 * The only place that listens on Electron's wire: one raw channel, answered by one function. The facts are read from
 * the frame itself, not from what it says.
 */
export function answerRequests(
  answer: (sender: SenderFacts | null, channel: unknown, argument: unknown) => Promise<unknown>,
): void {
  ipcMain.handle(requestWire, (event, channel: unknown, argument: unknown) => answer(factsOf(event), channel, argument))
}

function factsOf(event: IpcMainInvokeEvent): SenderFacts | null {
  const frame = event.senderFrame
  if (frame === null) return null
  return { webContentsId: event.sender.id, isMainFrame: frame.parent === null, url: frame.url }
}

/** Sends an event of the table to a window that is still there. */
export function sendEvent(window: BrowserWindow | null, channel: EventChannel, payload: unknown): void {
  if (window === null || window.isDestroyed() || window.webContents.isCrashed()) return
  window.webContents.send(eventWire, channel, payload)
}
