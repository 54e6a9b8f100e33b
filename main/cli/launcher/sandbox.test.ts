import { describe, expect, it } from 'vitest'
import { sandboxArguments } from './sandbox.ts'

const quiet = () => {}

describe('sandboxArguments', () => {
  it('runs without the sandbox only for root, and says so', () => {
    const said: string[] = []
    const asRoot = sandboxArguments((line) => said.push(line), { platform: 'linux', userId: 0, read: () => null })
    expect(asRoot).toEqual(['--no-sandbox'])
    expect(said.join()).toContain('--no-sandbox')
    expect(sandboxArguments(quiet, { platform: 'linux', userId: 1000, read: () => null })).toEqual([])
    expect(sandboxArguments(quiet, { platform: 'darwin', userId: 0, read: () => '1' })).toEqual([])
  })

  it.each([
    ['kernel/apparmor_restrict_unprivileged_userns', '1', 'apparmor_restrict_unprivileged_userns=0'],
    ['kernel/unprivileged_userns_clone', '0', 'unprivileged_userns_clone=1'],
    ['user/max_user_namespaces', '0', 'max_user_namespaces=28633'],
  ])('names the one line that helps where %s is %s', (name, value, cure) => {
    const read = (asked: string) => (asked === name ? value : null)
    expect(() => sandboxArguments(quiet, { platform: 'linux', userId: 1000, read })).toThrow(cure)
  })
})
