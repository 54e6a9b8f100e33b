import { UsageError } from '../usage-error.ts'
import { textOption, type Verb, type VerbValues } from '../verb.ts'
import { decode } from './decode.ts'
import { read } from './read.ts'
import { scan } from './scan.ts'
import { use, useOptions } from './use.ts'

/** `hearth meter`: finds and reads energy meters; never writes to one. */
export const meter: Verb = {
  name: 'meter',
  summary: 'find and read energy meters, decode what one sent, choose the one of the energy role',
  usage: [
    'meter scan [HOST...]',
    'meter read --driver p1|sunspec|tasmota|shelly|zigbee2mqtt --target TARGET [--watch] [--interval SECONDS]',
    'meter decode --driver p1|tasmota|shelly|zigbee2mqtt < FILE',
    'meter use --driver D --target TARGET --connection-watts W [--panel-watts W] [--battery] [--generation] [--at LAT,LONG]',
    '',
    'TARGET: a serial port (/dev/ttyUSB0[?baud=9600&frame=7E1]), tcp://HOST:PORT[?unit=N&model=N],',
    '        mqtt://HOST[:PORT]/TOPIC or http://HOST',
  ],
  options: {
    driver: { type: 'string' },
    target: { type: 'string' },
    watch: { type: 'boolean' },
    interval: { type: 'string' },
    ...useOptions,
  },
  async run(context, { values, positionals }) {
    const [action, ...words] = positionals
    const driver = textOption(values, 'driver')
    switch (action) {
      case 'scan':
        only(action, values, [])
        return scan(context, words)
      case 'read': {
        noMore(action, words)
        only(action, values, ['driver', 'target', 'watch', 'interval'])
        const [target, interval] = [textOption(values, 'target'), textOption(values, 'interval')]
        return read(context, { driver, target, watch: values['watch'] === true, interval })
      }
      case 'decode':
        noMore(action, words)
        only(action, values, ['driver'])
        return decode(context, { driver })
      case 'use':
        noMore(action, words)
        only(action, values, ['driver', 'target', ...Object.keys(useOptions)])
        return use(context, values)
      case undefined:
        throw new UsageError('Say what to do: scan, read, decode or use.', 'See `hearth meter --help`.')
      default:
        throw new UsageError(`\`hearth meter\` cannot ${action}.`, 'See `hearth meter --help`.')
    }
  },
}

function noMore(action: string, words: readonly string[]): void {
  if (words.length > 0) throw new UsageError(`\`hearth meter ${action}\` takes no further words.`)
}

function only(action: string, values: VerbValues, taken: readonly string[]): void {
  const all = ['driver', 'target', 'watch', 'interval', ...Object.keys(useOptions)]
  const other = all.find((name) => values[name] !== undefined && !taken.includes(name))
  if (other !== undefined) throw new UsageError(`\`hearth meter ${action}\` takes no --${other}.`)
}
