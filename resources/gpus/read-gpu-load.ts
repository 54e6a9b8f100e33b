import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { SystemSources } from '../system-sources.ts'

/** How busy and how hot the graphics processors are, the busiest and the hottest of them; null where nobody can tell. */
export type GpuLoad = {
  /** Share of the last moments in which it worked, 0 to 1, for whatever program. */
  readonly busyShare: number | null
  readonly celsius: number | null
}

/** What is asked besides system files; tests answer for machines that are not here. */
export type GpuSources = Pick<SystemSources, 'readText' | 'list'> & {
  /** The rows of NVIDIA's tool, `percent, degrees`; rejects where there is no such tool. */
  askNvidia(): Promise<string>
}

/** Longer than this and the answer is of another moment. */
const toolTimeoutMs = 1_500
const nvidiaQuery = ['--query-gpu=utilization.gpu,temperature.gpu', '--format=csv,noheader,nounits']

/** NVIDIA's own tool, which comes with its driver. */
export async function askNvidiaTool(): Promise<string> {
  const { stdout } = await promisify(execFile)('nvidia-smi', nvidiaQuery, { timeout: toolTimeoutMs, windowsHide: true })
  return stdout
}

/** Where Linux drivers say it: `gpu_busy_percent` of amdgpu, and the sensors of the card. Processor sensors stand in. */
const processorSensors = ['coretemp', 'k10temp', 'zenpower', 'cpu_thermal']

/**
 * Reads the load of now. Never rejects. Once NVIDIA's tool was not found it is not asked again by the reader that this
 * makes, since starting a program every few seconds is a load by itself; one that is late or fails is asked again.
 */
export function createGpuLoadReader(sources: GpuSources): () => Promise<GpuLoad> {
  let hasNvidia = true
  return async () => {
    const asked = hasNvidia ? sources.askNvidia().then(parseNvidia) : Promise.resolve([])
    const nvidia = await asked.catch((error: NodeJS.ErrnoException) => {
      hasNvidia = error.code !== 'ENOENT'
      return []
    })
    const cards = await readCards(sources)
    const loads = [...nvidia, ...cards]
    const celsius = highest(loads.map((load) => load.celsius)) ?? (await readProcessorCelsius(sources))
    return { busyShare: highest(loads.map((load) => load.busyShare)), celsius }
  }
}

function parseNvidia(text: string): GpuLoad[] {
  return text
    .trim()
    .split('\n')
    .map((row) => row.split(',').map((cell) => numberOf(cell)))
    .map(([percent = null, celsius = null]) => ({ busyShare: shareOf(percent), celsius }))
}

async function readCards(sources: GpuSources): Promise<GpuLoad[]> {
  const cards = (await sources.list('/sys/class/drm')).filter((name) => /^card\d+$/.test(name))
  return Promise.all(
    cards.map(async (card) => {
      const device = `/sys/class/drm/${card}/device`
      const [percent, sensors] = await Promise.all([
        readNumber(sources, `${device}/gpu_busy_percent`),
        sources.list(`${device}/hwmon`),
      ])
      const celsius = await Promise.all(sensors.map((name) => readCelsius(sources, `${device}/hwmon/${name}`)))
      return { busyShare: shareOf(percent), celsius: highest(celsius) }
    }),
  )
}

async function readProcessorCelsius(sources: GpuSources): Promise<number | null> {
  const folders = (await sources.list('/sys/class/hwmon')).map((name) => `/sys/class/hwmon/${name}`)
  const celsius = await Promise.all(
    folders.map(async (folder) => {
      const name = await sources.readText(`${folder}/name`).catch(() => '')
      return processorSensors.includes(name.trim()) ? readCelsius(sources, folder) : null
    }),
  )
  return highest(celsius)
}

/** The kernel counts in thousandths (Documentation/hwmon/sysfs-interface). */
async function readCelsius(sources: GpuSources, folder: string): Promise<number | null> {
  const thousandths = await readNumber(sources, `${folder}/temp1_input`)
  return thousandths === null ? null : thousandths / 1000
}

async function readNumber(sources: GpuSources, path: string): Promise<number | null> {
  return sources.readText(path).then(numberOf, () => null)
}

function numberOf(text: string): number | null {
  const number = Number(text.trim())
  return text.trim() !== '' && Number.isFinite(number) ? number : null
}

function shareOf(percent: number | null): number | null {
  return percent === null ? null : Math.min(1, Math.max(0, percent / 100))
}

function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}
