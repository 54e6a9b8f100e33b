/** What a child may know of the environment: where programs, temporary files and time zones are, and no more. */
const listed = [
  'HOME',
  'LANG',
  'LC_ALL',
  'PATH',
  'TEMP',
  'TMP',
  'TMPDIR',
  'TZ',
  // Windows does not load its own libraries without these.
  'SYSTEMROOT',
  'SystemRoot',
  'WINDIR',
  'USERPROFILE',
] as const

/** The listed part of an environment; whatever else the app was started with stays with the app. */
export function childEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = listed.map((name) => [name, environment[name]] as const)
  return Object.fromEntries(
    entries.filter((entry): entry is [(typeof listed)[number], string] => entry[1] !== undefined),
  )
}
