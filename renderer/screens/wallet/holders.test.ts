import { expect, test } from 'vitest'
import { holderOf, holders, isForPractice, readEndpoint, toChoice } from './holders.ts'

test('every holder but the emulator is a choice by itself, and is found again in it', () => {
  for (const holder of holders) {
    const choice = toChoice(holder)
    if (choice === null) expect(holder).toBe('speculos')
    else expect(holderOf(choice)).toBe(holder)
  }
  expect(holderOf({ kind: 'speculos', host: '127.0.0.1', port: 5000 })).toBe('speculos')
})

test('keys without a device are offered for practice only', () => {
  expect(holders.filter(isForPractice)).toEqual(['practiceKey', 'practiceTouch', 'practiceTwoButton'])
})

test('where an emulator listens is read, and what is wrong with it is told apart', () => {
  expect(readEndpoint(' 127.0.0.1 ', '5000').endpoint).toEqual({ host: '127.0.0.1', port: 5000 })
  expect(readEndpoint('::1', '65535').endpoint).toEqual({ host: '::1', port: 65_535 })
  expect(readEndpoint('', '5000')).toMatchObject({ endpoint: null, hostOk: false, portOk: true })
  expect(readEndpoint('a b', '5000')).toMatchObject({ endpoint: null, hostOk: false })
  for (const port of ['', '0', '65536', '5e3', '-1', '80.5'])
    expect(readEndpoint('localhost', port)).toMatchObject({ endpoint: null, portOk: false })
})
