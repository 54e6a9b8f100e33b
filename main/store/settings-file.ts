import { HearthError } from '../../roles/api/errors.ts'
import { defaultSettings, settingsSchema } from '../api/settings.ts'
import type { Settings } from '../api/settings.ts'
import { placeOfPath, placeOfSyntaxError } from './locate-json.ts'
import type { TextPlace } from './locate-json.ts'

/** settings.json cannot be understood. The file is left exactly as it is. */
export class SettingsFileError extends HearthError {
  constructor(path: string, place: TextPlace, what: string) {
    super('SETTINGS_INVALID', `The settings file ${path} is wrong in line ${place.line}: ${what}`, {
      action: `Correct line ${place.line} of ${path}, or move the file away to begin with the defaults.`,
      details: { path, line: place.line, column: place.column },
    })
  }
}

/** Reads the text of settings.json; `null` (no file) means the defaults. Throws SettingsFileError with line and field. */
export function parseSettings(path: string, text: string | null): Settings {
  if (text === null) return defaultSettings
  const value = parseJson(path, text)
  const result = settingsSchema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const field = issue?.path.map(String).join('.') ?? ''
  const what = issue?.message ?? 'not understood'
  throw new SettingsFileError(path, placeOfPath(text, issue?.path ?? []), field === '' ? what : `"${field}": ${what}.`)
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new SettingsFileError(path, placeOfSyntaxError(text), 'this is not valid JSON.')
  }
}

/** The text that is written for settings: one field a line, since people edit it by hand. */
export function formatSettings(settings: Settings): string {
  return `${JSON.stringify(settings, null, 2)}\n`
}
