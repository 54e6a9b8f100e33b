import { describe, expect, it } from 'vitest'
import { adviceFor, isEssential, missingPackages, type Purpose, type System } from './needed-packages.ts'

const all = new Set<Purpose>(['window', 'display', 'comfort', 'tests'])
const bare: System = { libraries: '', hasMesaDriver: false, hasCommand: () => false }

function namesOn(system: System, purposes: ReadonlySet<Purpose> = all): string[] {
  return missingPackages(purposes, system).map((entry) => entry.name)
}

describe('missingPackages', () => {
  it('names everything on a bare system, and nothing on a complete one', () => {
    expect(namesOn(bare)).toEqual(
      'libnss3 libgtk-3-0 libgbm1 libasound2 xvfb xauth libgl1-mesa-dri socat rpm'.split(' '),
    )
    const libraries = 'libnss3.so (libc6) libgtk-3.so.0 libgbm.so.1 libasound.so.2'
    expect(namesOn({ libraries, hasMesaDriver: true, hasCommand: () => true })).toEqual([])
  })

  it('asks only for what the purpose needs', () => {
    expect(namesOn(bare, new Set(['window']))).not.toContain('xvfb')
    expect(namesOn({ ...bare, libraries: null }, new Set(['window']))).toEqual([])
  })

  it('stops nobody for want of comfort', () => {
    const essential = missingPackages(all, bare).filter(isEssential)
    expect(essential.map((entry) => entry.name)).not.toContain('libgl1-mesa-dri')
    expect(essential).toHaveLength(6)
  })
})

describe('adviceFor', () => {
  it('gives one line to run, or the names where there is no apt', () => {
    expect(adviceFor(['xvfb', 'xauth'], true)).toContain('sudo apt-get install -y xvfb xauth')
    expect(adviceFor(['xvfb'], false)).not.toContain('apt-get')
  })
})
