import type { Systeminformation } from 'systeminformation'
import { describe, expect, it } from 'vitest'
import { fakeSources } from '../fake-sources.ts'
import { probeGpus } from './probe-gpus.ts'

function withControllers(...controllers: Partial<Systeminformation.GraphicsControllerData>[]) {
  return fakeSources({ graphics: () => Promise.resolve({ controllers: controllers as never, displays: [] }) })
}

describe('probeGpus', () => {
  it('gives memory in bytes, and null where it is shared, absent or nonsense', async () => {
    const gpus = await probeGpus(
      withControllers(
        { vendor: 'NVIDIA', model: 'RTX', vram: 8_192, vramDynamic: false, driverVersion: '550' },
        { vendor: 'Intel', model: 'UHD', vram: 1_024, vramDynamic: true },
        { vendor: '', model: 'Strange', vram: Number.NaN, vramDynamic: false, driverVersion: '' },
        { vendor: 'Ghost', model: '', vram: 1 },
      ),
    )
    expect(gpus).toEqual([
      { vendor: 'NVIDIA', model: 'RTX', memoryBytes: 8_192 * 1_048_576, driver: '550' },
      { vendor: 'Intel', model: 'UHD', memoryBytes: null, driver: null },
      { vendor: 'Unknown maker', model: 'Strange', memoryBytes: null, driver: null },
    ])
  })

  it('reads the cards of the Linux kernel when the usual tools say nothing', async () => {
    const files: Record<string, string> = {
      '/sys/class/drm/card0/device/vendor': '0x1002\n',
      '/sys/class/drm/card0/device/device': '0x73bf\n',
      '/sys/class/drm/card0/device/mem_info_vram_total': '17163091968\n',
      '/sys/class/drm/card0/device/uevent': 'DRIVER=amdgpu\nPCI_ID=1002:73BF\n',
    }
    const gpus = await probeGpus(
      fakeSources({
        list: () => Promise.resolve(['card0', 'card0-DP-1', 'renderD128', 'card1']),
        readText: (path) =>
          files[path] === undefined ? Promise.reject(new Error('absent')) : Promise.resolve(files[path]),
      }),
    )
    expect(gpus).toEqual([{ vendor: 'AMD', model: 'AMD GPU 0x73bf', memoryBytes: 17_163_091_968, driver: 'amdgpu' }])
  })

  it('says nothing was found only when somebody answered', async () => {
    expect(await probeGpus(fakeSources())).toEqual([])
    const silent = fakeSources({ graphics: () => Promise.reject(new Error('no lspci')) })
    await expect(probeGpus(silent)).rejects.toThrow('no lspci')
  })
})
