import type { Systeminformation } from 'systeminformation'
import { describe, expect, it } from 'vitest'
import { fakeSources } from '../fake-sources.ts'
import { probePower } from './probe-power.ts'

function withBattery(battery: Partial<Systeminformation.BatteryData>) {
  return fakeSources({ battery: () => Promise.resolve(battery as never), cpus: () => [{ model: ' Some CPU ' }] })
}

describe('probePower', () => {
  it('knows that a machine without a battery is not on battery', async () => {
    expect(await probePower(withBattery({ hasBattery: false }))).toMatchObject({
      onBattery: false,
      batteryPercent: null,
      cpuModel: 'Some CPU',
      cpuCores: 1,
    })
  })

  it('keeps the charge within bounds, and null where it is unknown', async () => {
    const full = await probePower(withBattery({ hasBattery: true, acConnected: false, percent: 104 }))
    const odd = await probePower(withBattery({ hasBattery: true, acConnected: true, percent: Number.NaN }))
    expect([full, odd]).toMatchObject([
      { onBattery: true, batteryPercent: 100 },
      { onBattery: false, batteryPercent: null },
    ])
  })
})
