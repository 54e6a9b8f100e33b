import { silentLog, type Log } from '../../../roles/api/values.ts'
import { defaultNeighbours, startPractice } from '../../practice/index.ts'
import { HearthError } from '../../../roles/api/errors.ts'
import { oneLine } from '../output/one-line.ts'
import type { Output } from '../output/output.ts'
import { parseWholeNumber } from '../output/parse-size.ts'
import { textOption, type Verb } from './verb.ts'

/** `hearth practice`: runs the practice network of a home until it is stopped. */
export const practice: Verb = {
  name: 'practice',
  summary: 'start the practice network and keep it running',
  usage: ['practice [--port N, random by default] [--neighbours N, 16 by default]'],
  options: { port: { type: 'string' }, neighbours: { type: 'string' }, verbose: { type: 'boolean' } },
  async run({ home, output, platform, signal }, { values }) {
    const portText = textOption(values, 'port')
    const neighboursText = textOption(values, 'neighbours')
    const bar = output.progress('Starting the practice network')
    const network = await startPractice({
      homeDirectory: home().directory,
      platform,
      port: portText === null ? null : parseWholeNumber(portText, '--port', { min: 1, max: 65535 }),
      neighbours:
        neighboursText === null
          ? defaultNeighbours
          : parseWholeNumber(neighboursText, '--neighbours', { min: 0, max: 64 }),
      log: practiceLog(output, values['verbose'] === true),
      onProgress: (progress) => bar.update({ ...progress, label: `Starting ${progress.step}` }),
      signal,
    }).finally(() => bar.end())
    if (network.notice !== null) output.note(network.notice)
    output.machine({ ready: true, network: network.networkPath, neighbours: network.neighbours })
    output.text(`The practice network runs with ${network.neighbours.length} neighbours. Its tokens are worth nothing.`)
    output.text(`Network file: ${network.networkPath}. Press Ctrl-C to stop.`)
    const asked = new Promise<'asked'>((resolve) => {
      if (signal.aborted) resolve('asked')
      signal.addEventListener('abort', () => resolve('asked'), { once: true })
    })
    const ended = await Promise.race([asked, network.exited])
    await network.stop()
    if (ended !== 'asked') throw new HearthError('PRACTICE_ENDED', ended, { action: 'Start it again.' })
  },
}

function practiceLog(output: Output, verbose: boolean): Log {
  const note = (message: string, details?: Readonly<Record<string, unknown>>) =>
    output.note(oneLine(details === undefined ? message : `${message} ${JSON.stringify(details)}`))
  return verbose ? { debug: note, info: note, warn: note, error: note } : { ...silentLog, warn: note, error: note }
}
