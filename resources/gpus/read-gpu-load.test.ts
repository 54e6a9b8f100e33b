import { describe, expect, it } from 'vitest'
import { createGpuLoadReader, type GpuSources } from './read-gpu-load.ts'

/** A machine with these system files and no NVIDIA tool unless it is given. */
function machine(files: Readonly<Record<string, string>>, askNvidia?: () => Promise<string>): GpuSources {
  return {
    readText: (path) =>
      files[path] === undefined ? Promise.reject(new Error('absent')) : Promise.resolve(files[path]),
    list: (folder) =>
      Promise.resolve([
        ...new Set(
          Object.keys(files)
            .filter((path) => path.startsWith(`${folder}/`))
            .map((path) => path.slice(folder.length + 1).split('/')[0]!),
        ),
      ]),
    askNvidia: askNvidia ?? (() => Promise.reject(new Error('no such program'))),
  }
}

const radeon = {
  '/sys/class/drm/card1/device/gpu_busy_percent': '87\n',
  '/sys/class/drm/card1/device/hwmon/hwmon3/temp1_input': '71000\n',
  '/sys/class/drm/card0/device/vendor': '0x8086\n',
  '/sys/class/drm/card0-DP-1/status': 'connected\n',
}

describe('the load of graphics processors', () => {
  it('is read from the kernel where the driver tells it', async () => {
    expect(await createGpuLoadReader(machine(radeon))()).toEqual({ busyShare: 0.87, celsius: 71 })
  })

  it('is that of the busiest and of the hottest of several', async () => {
    const both = machine(radeon, () => Promise.resolve('3, 40\n95, 66\n'))
    expect(await createGpuLoadReader(both)()).toEqual({ busyShare: 0.95, celsius: 71 })
  })

  it('is unknown where a tool answers in words, and its figures are bounded', async () => {
    const odd = machine({}, () => Promise.resolve('[N/A], [N/A]\n'))
    expect(await createGpuLoadReader(odd)()).toEqual({ busyShare: null, celsius: null })
    const high = machine({}, () => Promise.resolve('250, 50\n'))
    expect((await createGpuLoadReader(high)()).busyShare).toBe(1)
  })

  it('takes the heat of the processor where the card has no sensor', async () => {
    const processor = machine({
      '/sys/class/hwmon/hwmon0/name': 'acpitz\n',
      '/sys/class/hwmon/hwmon0/temp1_input': '99000\n',
      '/sys/class/hwmon/hwmon1/name': 'k10temp\n',
      '/sys/class/hwmon/hwmon1/temp1_input': '62500\n',
    })
    expect(await createGpuLoadReader(processor)()).toEqual({ busyShare: null, celsius: 62.5 })
  })

  it('asks a tool that is not there only once', async () => {
    let asked = 0
    const absent = () => Promise.reject(Object.assign(new Error(`${++asked}`), { code: 'ENOENT' }))
    const read = createGpuLoadReader(machine({}, absent))
    await read()
    await read()
    expect(asked).toBe(1)
  })

  it('asks a tool again that was late or failed, so that heat is seen when it answers', async () => {
    const late = Object.assign(new Error('timed out'), { code: null, killed: true })
    const answers = [late, new Error('failed'), '50, 91\n']
    const answer = async () => {
      const next = answers.shift()!
      if (next instanceof Error) throw next
      return next
    }
    const read = createGpuLoadReader(machine({}, answer))
    const nothing = { busyShare: null, celsius: null }
    expect([await read(), await read(), await read()]).toEqual([nothing, nothing, { busyShare: 0.5, celsius: 91 }])
  })
})
