import { describe, expect, it } from 'vitest'
import { fakeSources } from '../fake-sources.ts'
import { probeNetwork } from './probe-network.ts'

const address = (ip: string, internal = false) => ({ address: ip, internal }) as never

describe('probeNetwork', () => {
  it('tells kinds, speeds and states apart and leaves the loopback out', async () => {
    const network = await probeNetwork(
      fakeSources({
        addresses: () => ({
          lo: [address('127.0.0.1', true)],
          eth0: [address('192.0.2.7'), address('fe80::1')],
          wlp2s0: [address('192.0.2.8')],
          docker0: [address('172.17.0.1')],
          mystery: [address('192.0.2.9')],
        }),
        networkInterfaces: () =>
          Promise.resolve([
            { iface: 'eth0', type: 'wired', speed: 1_000, operstate: 'up', virtual: false },
            { iface: 'wlp2s0', type: 'wireless', speed: -1, operstate: 'down', virtual: false },
          ] as never),
      }),
    )
    expect(network).toEqual([
      { name: 'eth0', kind: 'wired', addresses: ['192.0.2.7', 'fe80::1'], speedBitsPerSecond: 1e9, up: true },
      { name: 'wlp2s0', kind: 'wireless', addresses: ['192.0.2.8'], speedBitsPerSecond: null, up: false },
      { name: 'docker0', kind: 'virtual', addresses: ['172.17.0.1'], speedBitsPerSecond: null, up: true },
      { name: 'mystery', kind: 'unknown', addresses: ['192.0.2.9'], speedBitsPerSecond: null, up: true },
    ])
  })
})
