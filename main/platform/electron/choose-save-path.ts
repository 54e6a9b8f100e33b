import { BrowserWindow, dialog } from 'electron'
import type { SaveQuestion } from '../../api/platform.ts'

/** Asks with the system's own dialog where to save a file; null when the person changed their mind. */
export async function chooseSavePath({ suggestedName, kind }: SaveQuestion): Promise<string | null> {
  const options = {
    defaultPath: suggestedName,
    filters: [{ name: kind.name, extensions: [kind.extension] }],
    properties: ['createDirectory' as const, 'showOverwriteConfirmation' as const],
  }
  const window = BrowserWindow.getFocusedWindow()
  const { canceled, filePath } =
    window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options)
  return canceled || filePath === '' ? null : filePath
}
