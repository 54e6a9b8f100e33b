import { SerialPort } from 'serialport'
import { shownName, type FoundMeter } from './found-meter.ts'

/**
 * Serial adapters, on which the cable of a smart meter shows up. They are listed, not opened: speaking to an unknown device could
 * disturb it. Ports without a maker are those of the mainboard, which nobody has on a meter.
 */
export async function listSerialPorts(): Promise<FoundMeter[]> {
  const ports = await SerialPort.list()
  return ports
    .filter(({ vendorId, manufacturer }) => vendorId !== undefined || manufacturer !== undefined)
    .map(({ path, manufacturer, serialNumber }) => ({
      driver: 'p1' as const,
      target: path,
      description: `Serial adapter ${shownName([manufacturer, serialNumber].filter((text) => text !== undefined).join(' '))}`,
      foundBy: 'serial' as const,
    }))
}
