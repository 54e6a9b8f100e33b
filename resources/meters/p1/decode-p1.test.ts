import { describe, expect, it } from 'vitest'
import type { MeterReading } from '../reading.ts'
import { bitwiseCrc16, p1Telegram, plainTelegram } from '../testing/build-telegram.ts'
import { decodeP1 } from './decode-p1.ts'

function read(bytes: Uint8Array): MeterReading {
  const decoded = decodeP1(bytes, 0)
  if (decoded.kind === 'refused') throw new Error(decoded.refusal.message)
  return decoded.reading
}

function refusal(bytes: Uint8Array): string {
  const decoded = decodeP1(bytes, 0)
  return decoded.kind === 'refused' ? decoded.refusal.code : 'taken'
}

const v5 = ['1-3:0.2.8(50)', '0-0:1.0.0(250615120000S)', '0-0:96.1.1(4530)']
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const bytes = (characters: string) => Buffer.from(characters, 'latin1')

describe('registers', () => {
  it('prefers the total register to the sum of tariffs', () => {
    const lines = [...v5, '1-0:1.8.0(000010.000*kWh)', '1-0:1.8.1(000004.000*kWh)', '1-0:1.8.2(000005.000*kWh)']
    expect(read(p1Telegram(lines)).importWh).toBe(10_000)
  })

  it('sums four tariffs, as Hungarian meters have, and rounds down once', () => {
    const lines = [1, 2, 3, 4].map((tariff) => `1-0:1.8.${tariff}(000001.0004*kWh)`)
    // 4 x 1000.4 Wh = 4001.6 Wh
    expect(read(p1Telegram([...v5, ...lines])).importWh).toBe(4_001)
  })

  it.each([
    ['kWh with seven decimals', '1-0:1.8.0*255(00052185.7825309*kWh)', 52_185_782],
    ['Wh', '1-0:1.8.0(006545766*Wh)', 6_545_766],
    ['Wh with decimals', '1-0:1.8.0(0000012.9*Wh)', 12],
    ['MWh', '1-0:1.8.0(1.234567*MWh)', 1_234_567],
    ['no medium and channel', '1.8.0(012345.678*kWh)', 12_345_678],
    ['channel 1', '1-1:1.8.0(000002.000*kWh)', 2_000],
    ['1.001 kWh, which a float makes 1000.9999', '1-0:1.8.0(00001.001*kWh)', 1_001],
  ])('reads %s', (_, line, wattHours) => {
    expect(read(plainTelegram([line])).importWh).toBe(wattHours)
  })

  it('leaves earlier billing periods and reactive energy alone', () => {
    const lines = ['1-0:1.8.0*255(3.000*kWh)', '1-0:1.8.0*01(2.000*kWh)', '1.8.0&02(1.000*kWh)', '1-0:3.8.0(9*varh)']
    expect(read(plainTelegram(lines))).toMatchObject({ importWh: 3_000, exportWh: null })
  })

  it('takes the meter of the first channel when a house has a second one', () => {
    const lines = ['1-0:1.8.0(3.000*kWh)', '1-1:1.8.0(2.000*kWh)', '1-1:2.8.0(2.000*kWh)']
    expect(read(plainTelegram(lines))).toMatchObject({ importWh: 3_000, exportWh: null })
  })
})

describe('power', () => {
  it.each([
    ['import less export', ['1-0:1.7.0(00.250*kW)', '1-0:2.7.0(01.000*kW)'], -750],
    ['import alone', ['1-0:1.7.0(002124.86*W)'], 2_124],
    ['a signed register', ['1-0:16.7.0(-000120.5*W)'], -120],
    [
      'phases where no total is told',
      ['1-0:21.7.0(00.100*kW)', '1-0:41.7.0(00.200*kW)', '1-0:62.7.0(00.450*kW)'],
      -150,
    ],
    ['signed phases', ['1-0:36.7.0(10.5*W)', '1-0:56.7.0(10.5*W)', '1-0:76.7.0(-1*W)'], 20],
    ['the total rather than the phases', ['1-0:1.7.0(00.001*kW)', '1-0:21.7.0(00.900*kW)'], 1],
    ['nothing', ['1-0:1.8.0(1*kWh)'], null],
    ['nothing where the unit is missing', ['1-0:1.8.0(1*kWh)', '1-0:1.7.0(00.500)'], null],
  ])('is %s', (_, lines, watts) => {
    expect(read(plainTelegram(lines)).powerW).toBe(watts)
  })
})

describe('time', () => {
  const at = (time: string, name?: string) => read(p1Telegram([`0-0:1.0.0(${time})`, '1-0:1.8.0(1*kWh)'], name))

  it('tells the two hours of an autumn night apart', () => {
    expect(at('251026023000S').deviceTime).toBe('2025-10-26T00:30:00.000Z')
    expect(at('251026023000W').deviceTime).toBe('2025-10-26T01:30:00.000Z')
  })

  it('knows that Ireland is an hour behind', () => {
    expect(at('250701120000S', '/ISk5\\2MIE5T-200').deviceTime).toBe('2025-07-01T11:00:00.000Z')
    expect(at('250101120000W', '/ISk5\\2MIE5T-200').deviceTime).toBe('2025-01-01T12:00:00.000Z')
  })

  it('is null with a flag where the zone or the calendar is missing', () => {
    expect(at('251026023000')).toMatchObject({ deviceTime: null, flags: ['localTime'] })
    expect(at('632525252525S')).toMatchObject({ deviceTime: null, flags: ['clockNotSet'] })
    expect(at('250230120000W')).toMatchObject({ deviceTime: null, flags: ['clockNotSet'] })
    const d0 = plainTelegram(['0.9.1(120000)', '0.9.2(250701)', '1.8.0(1*kWh)'])
    expect(read(d0)).toMatchObject({ deviceTime: null, flags: ['localTime'] })
  })
})

describe('identity', () => {
  it.each([
    [
      'the serial number before the owner’s',
      ['1-0:0.0.0*255(1336001560)', '0-0:96.1.255*255(1ESY1336001560)'],
      '1ESY1336001560',
    ],
    ['Luxembourg’s', ['0-0:42.0.0(53414731303331)'], '53414731303331'],
    ['C.1.0', ['C.1.0(00112233)'], '00112233'],
    ['nothing where it is empty', ['0-0:96.1.1()'], null],
  ])('is %s', (_, lines, meterId) => {
    expect(read(plainTelegram([...lines, '1-0:1.8.0(1*kWh)'])).meterId).toBe(meterId)
  })
})

describe('checksums', () => {
  const whole = p1Telegram([...v5, '1-0:1.8.0(000010.000*kWh)'])

  it('takes the right one, in either case', () => {
    expect(refusal(whole)).toBe('taken')
    expect(refusal(bytes(text(whole).replace(/![0-9A-F]+/, (crc) => crc.toLowerCase())))).toBe('taken')
  })

  it('takes one without leading zeros', () => {
    for (let number = 0; ; number++) {
      const found = text(p1Telegram([...v5, `1-0:1.8.0(${number}*kWh)`]))
      const crc = found.slice(found.indexOf('!') + 1).trim()
      if (!crc.startsWith('0')) continue
      expect(refusal(bytes(found.replace(`!${crc}`, `!${crc.replace(/^0+/, '')}`)))).toBe('taken')
      return
    }
  })

  it.each([
    ['a changed digit', (all: string) => all.replace('000010', '000011'), 'checksumWrong'],
    ['a checksum that is none', (all: string) => all.replace(/![0-9A-F]{4}/, '!GHIJ'), 'checksumWrong'],
    ['a longer checksum', (all: string) => all.replace(/(![0-9A-F]{4})/, '$10'), 'checksumWrong'],
    ['no checksum', (all: string) => all.replace(/![0-9A-F]{4}/, '!'), 'checksumMissing'],
    ['line ends that an editor changed', (all: string) => all.replaceAll('\r\n', '\n'), 'lineEndsChanged'],
  ])('refuses %s', (_, change, code) => {
    expect(refusal(bytes(change(text(whole))))).toBe(code)
  })

  it('checks the block character of IEC 62056-21 where there is one', () => {
    const data = '1.8.0(000001.000*kWh)\r\n!\r\n\x03'
    const sum = bytes(data).reduce((xor, byte) => xor ^ byte, 0)
    const framed = (block: number) => bytes(`/TST5METER\r\n\x02${data}${String.fromCharCode(block)}`)
    expect(refusal(framed(sum))).toBe('taken')
    expect(refusal(framed(sum ^ 1))).toBe('checksumWrong')
  })

  it('computes as the bit by bit definition does', () => {
    const line = p1Telegram(v5)
    const end = line.indexOf(0x21) + 1
    expect(parseInt(text(line).slice(end), 16)).toBe(bitwiseCrc16(text(line).slice(0, end)))
  })
})

describe('what is no telegram', () => {
  it.each([
    ['nothing', '', 'empty'],
    ['noise', 'kzj§$%&\r\n', 'notATelegram'],
    ['the beginning only', '/ISk5\\2MT382\r\n\r\n1-0:1.8.0(00', 'halfTelegram'],
    ['the end only', '00.000*kW)\r\n!6EEE\r\n', 'notATelegram'],
    ['a telegram of nothing', '/ISk5\r\n\r\n!\r\n', 'noMeter'],
    ['an encrypted one', '\xdb\x08SAGxxxx', 'encrypted'],
    ['SML', '\x1b\x1b\x1b\x1b\x01\x01\x01\x01v', 'sml'],
    ['a register without a number', '/TST4\r\n\r\n1-0:1.8.0(0x10*kWh)\r\n!\r\n', 'badNumber'],
    ['a register without a unit', '/TST4\r\n\r\n1-0:1.8.0(000010)\r\n!\r\n', 'badNumber'],
    ['a register with a unit of power', '/TST4\r\n\r\n1-0:1.8.0(000010*kW)\r\n!\r\n', 'badNumber'],
    ['a register beyond all measure', '/TST4\r\n\r\n1-0:1.8.0(9999999999999999*kWh)\r\n!\r\n', 'badNumber'],
    ['a register below zero', '/TST4\r\n\r\n1-0:1.8.0(-1*kWh)\r\n!\r\n', 'badNumber'],
    ['a tariff told twice', '/TST4\r\n\r\n1-0:1.8.1(1*kWh)\r\n1-0:1.8.1(2*kWh)\r\n!\r\n', 'contradiction'],
  ])('refuses %s', (_, characters, code) => {
    expect(refusal(bytes(characters))).toBe(code)
  })

  it('reads the first whole one of a recording that began in the middle', () => {
    const recording = `8.1(1*kWh)\r\n!1234\r\n${text(plainTelegram(['1.8.0(7*kWh)']))}${text(plainTelegram(['1.8.0(8*kWh)']))}`
    expect(read(bytes(recording)).importWh).toBe(7_000)
  })

  it('reads the telegram that a meter began anew after breaking off', () => {
    const recording = `/TST4\r\n\r\n1.8.0(99999*kWh)\r\n${text(plainTelegram(['1.8.0(7*kWh)']))}`
    expect(read(bytes(recording)).importWh).toBe(7_000)
  })
})
