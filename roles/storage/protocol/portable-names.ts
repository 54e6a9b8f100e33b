import { ArchiveError, type ArchiveEntry } from './archive-index.ts'

/** What a file system cannot tell apart or will not take. */
export type NameRules = {
  /** `A` and `a` are one name there. */
  readonly caseInsensitive: boolean
  /** Names of devices, trailing dots and the characters of Windows are refused there. */
  readonly windowsNames: boolean
}

/** The rules of an operating system's usual file system. */
export function nameRulesOf(platform: string): NameRules {
  return { caseInsensitive: platform === 'win32' || platform === 'darwin', windowsNames: platform === 'win32' }
}

/** Names that are devices on Windows, with or without an extension. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i
const windowsRefuses = /[<>:"\\|?*\u0000-\u001f]|[. ]$/

/**
 * Throws ArchiveError NAME_UNUSABLE for the first entry that could not exist under its name there, or would overwrite another.
 * Asked before anything is written: half a tree is worse than a clear sentence.
 */
export function checkNames(entries: readonly ArchiveEntry[], rules: NameRules): void {
  const seen = new Map<string, string>()
  for (const { path } of entries) {
    if (rules.windowsNames) {
      const part = path.split('/').find((one) => deviceName.test(one) || windowsRefuses.test(one))
      if (part !== undefined) throw unusable(`${JSON.stringify(path)} has a name that this computer does not allow`)
    }
    for (const one of rules.caseInsensitive ? prefixesOf(path) : []) {
      const folded = one.normalize('NFC').toLowerCase()
      const other = seen.get(folded)
      if (other !== undefined && other !== one)
        throw unusable(`${JSON.stringify(one)} and ${JSON.stringify(other)} are the same name on this computer`)
      seen.set(folded, one)
    }
  }
}

function prefixesOf(path: string): string[] {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function unusable(why: string): ArchiveError {
  return new ArchiveError('NAME_UNUSABLE', `The files cannot be restored here: ${why}.`, {
    action: 'Get single files with --path, or restore on the kind of computer that stored them.',
  })
}
