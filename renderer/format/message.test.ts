import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import { en } from '../locales/en.ts'
import { describeActivity } from './activity.ts'
import { describeFailure } from './failure.ts'
import { groupAddress, shortenIdentifier } from './identifier.ts'
import { hasMessage, t } from './message.ts'

/** Compiles, holds no markup, and has no space at its ends. */
function isSound(message: string): boolean {
  try {
    const { locale } = new IntlMessageFormat(message, 'en').resolvedOptions()
    return locale === 'en' && !/[<>]/.test(message) && message.trim() === message
  } catch {
    return false
  }
}

test('every sentence is valid ICU syntax and holds no markup', () => {
  const faults = Object.entries(en).filter(([, message]) => !isSound(message))
  expect(faults).toEqual([])
})

describe('t', () => {
  test('counts in words', () => {
    expect(t('network.neighbours', { count: 0 })).toBe('no neighbours')
    expect(t('network.neighbours', { count: 1 })).toBe('1 neighbour')
    expect(t('network.neighbours', { count: 16 })).toBe('16 neighbours')
  })

  test('refuses to leave a gap', () => {
    expect(() => t('network.neighbours')).toThrow()
  })

  test('knows which keys it has, also those that every object has', () => {
    expect(hasMessage('nav.storage')).toBe(true)
    expect(hasMessage('toString')).toBe(false)
  })
})

describe('describeActivity', () => {
  test('puts sizes into units', () => {
    const entry = { code: 'pieceStored', values: { lengthBytes: 4_194_304, root: '0x00' } }
    expect(describeActivity(entry)).toBe('Stored a piece of 4.19 MB for a customer.')
  })

  test('still shows what it does not know', () => {
    expect(describeActivity({ code: 'quantumLeap', values: {} })).toBe('Something new happened (quantumLeap).')
  })

  test('still shows an entry that lacks a value', () => {
    expect(describeActivity({ code: 'proofFailed', values: {} })).toBe('Something new happened (proofFailed).')
  })
})

test('failures of the bridge have words of their own, those of main keep theirs', () => {
  expect(describeFailure({ code: 'TIMEOUT', message: '15000', action: null }).message).toContain('15 seconds')
  const main = { code: 'DISK_FULL', message: 'The disk is full.', action: 'Free some space.' }
  expect(describeFailure(main)).toEqual({ message: main.message, action: main.action })
})

test('an account is grouped but never shortened', () => {
  const address = '0x8ba1f109551bD432803012645Ac136ddd64DBA72'
  expect(groupAddress(address).replaceAll(' ', '')).toBe(address)
  expect(shortenIdentifier(address)).toBe('0x8ba1f1…BA72')
  expect(shortenIdentifier('0x1234')).toBe('0x1234')
})
