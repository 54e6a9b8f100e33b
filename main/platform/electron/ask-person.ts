import { BrowserWindow, dialog } from 'electron'
import type { SystemQuestion } from '../../api/platform.ts'

/** Asks with the system's own dialog, which the page cannot draw over. No is the default; the signal closes it as no. */
export async function askPerson(question: SystemQuestion, { signal }: { signal: AbortSignal }): Promise<boolean> {
  if (signal.aborted) return false
  const options = {
    type: 'warning' as const,
    message: question.title,
    detail: question.text,
    buttons: [question.yes, question.no],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
    signal,
  }
  const window = BrowserWindow.getFocusedWindow()
  const { response } =
    window === null ? await dialog.showMessageBox(options) : await dialog.showMessageBox(window, options)
  return response === 0 && !signal.aborted
}
