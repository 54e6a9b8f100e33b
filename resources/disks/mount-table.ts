/** One line of /proc/self/mountinfo (proc(5)): what is mounted where. */
export type Mount = {
  readonly mount: string
  readonly fileSystem: string
  readonly device: string
  readonly readOnly: boolean
}

/** Spaces and backslashes in paths are written as octal escapes. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
}

/** Reads a mount table. Lines that are not understood are left out: the table of a strange kernel must not spoil the rest. */
export function parseMountTable(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ')
    const [, , , , mount, options] = left.split(' ')
    const [fileSystem, device, superOptions = ''] = right.split(' ')
    if (mount === undefined || options === undefined || fileSystem === undefined || device === undefined) return []
    const readOnly = options.split(',').includes('ro') || superOptions.split(',').includes('ro')
    return [{ mount: unescape(mount), fileSystem, device: unescape(device), readOnly }]
  })
}

/** Whether `path` lies on or below `mount`. */
export function isBelow(path: string, mount: string): boolean {
  return path === mount || path.startsWith(mount.endsWith('/') ? mount : `${mount}/`)
}

/** The mount that a path is on: the longest one above it, and of several at one place the last, which hides the others. */
export function mountOf<T extends { readonly mount: string }>(path: string, mounts: readonly T[]): T | null {
  return mounts.reduce<T | null>((best, candidate) => {
    if (!isBelow(path, candidate.mount)) return best
    return best !== null && best.mount.length > candidate.mount.length ? best : candidate
  }, null)
}
