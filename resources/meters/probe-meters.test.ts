import { describe, expect, it } from 'vitest'
import { fakeSources } from '../fake-sources.ts'
import { probeMeters } from './probe-meters.ts'

describe('probeMeters', () => {
  it('lists serial adapters by their lasting name', async () => {
    const sources = fakeSources({ list: () => Promise.resolve(['usb-FTDI_FT232R_USB_UART_P1-if00-port0']) })
    expect(await probeMeters(sources)).toEqual([
      {
        id: '/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_P1-if00-port0',
        description: 'Serial adapter FTDI FT232R USB UART P1-if00-port0',
      },
    ])
  })

  it('takes only serial ports among all devices of a Mac, and nothing on systems it does not know', async () => {
    const list = () => Promise.resolve(['disk0', 'cu.usbserial-110', 'cu.Bluetooth'])
    expect(await probeMeters(fakeSources({ platform: 'darwin', list }))).toMatchObject([
      { id: '/dev/cu.usbserial-110' },
    ])
    expect(await probeMeters(fakeSources({ platform: 'win32', list }))).toEqual([])
  })
})
