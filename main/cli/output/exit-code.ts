import { serializeError } from '../../../roles/api/errors.ts'

/** 0 = done, 1 = failed, 2 = wrong input or usage. */
export type ExitCode = 0 | 1 | 2

/** Codes of errors that another input would have avoided. Everything else that is thrown is a failure. */
const wrongInputCodes = new Set([
  'USAGE',
  'NO_NETWORK',
  'NETWORK_FILE_INVALID',
  'HOME_ON_OTHER_NETWORK',
  'SETTINGS_INVALID',
  'KEY_FILE_INVALID',
  'FILE_NOT_FOUND',
  'PORT_TAKEN',
  'NOT_A_MANIFEST',
  'SOURCE_UNREADABLE',
  'OUTPUT_UNWRITABLE',
  'NAMES_CLASH',
  'PATH_UNKNOWN',
  'PRICES_WRONG',
  'PRICES_EMPTY',
  'METER_INPUT',
  'RENDER_TOO_DEAR',
])

/** The exit code for whatever a verb threw. */
export function exitCodeOf(error: unknown): ExitCode {
  const { code } = serializeError(error)
  return wrongInputCodes.has(code) || code.startsWith('MANIFEST_') || code.startsWith('SCENE_') ? 2 : 1
}
