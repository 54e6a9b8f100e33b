import { readFileSync } from 'node:fs'

function setting(name: string): string | null {
  try {
    return readFileSync(`/proc/sys/${name}`, 'utf8').trim()
  } catch {
    return null
  }
}

/** The settings with which Linux systems forbid the sandbox of an ordinary person, and the line that allows it again. */
const obstacles = [
  { name: 'kernel/unprivileged_userns_clone', forbids: '0', cure: 'sudo sysctl -w kernel.unprivileged_userns_clone=1' },
  {
    name: 'kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    cure: 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  },
  { name: 'user/max_user_namespaces', forbids: '0', cure: 'sudo sysctl -w user.max_user_namespaces=28633' },
] as const

/**
 * What to tell Electron about its sandbox. Chromium refuses to sandbox for root, so root runs without it, with a warning; where
 * the system forbids it to an ordinary person this throws an error that holds the line that helps.
 */
export function sandboxArguments(
  say: (line: string) => void,
  system: { platform: NodeJS.Platform; userId: number | undefined; read: (name: string) => string | null } = {
    platform: process.platform,
    userId: process.getuid?.(),
    read: setting,
  },
): string[] {
  if (system.platform !== 'linux') return []
  if (system.userId === 0) {
    say(
      'Warning: you are root, so Electron runs without its sandbox (--no-sandbox). Use an ordinary account for everyday use.',
    )
    return ['--no-sandbox']
  }
  const obstacle = obstacles.find((entry) => system.read(entry.name) === entry.forbids)
  if (obstacle === undefined) return []
  throw new Error(
    `This system does not allow Electron's sandbox. Run this line once, then the same command again:\n  ${obstacle.cure}`,
  )
}
