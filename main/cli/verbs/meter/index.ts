import { UsageError } from '../usage-error.ts'
import { textOption, type Verb } from '../verb.ts'
import { decode } from './decode.ts'

/** `hearth meter`: reads energy meters; never writes to one. */
export const meter: Verb = {
  name: 'meter',
  summary: 'decode what an energy meter sends',
  usage: ['meter decode --driver p1|tasmota|shelly|zigbee2mqtt < FILE'],
  options: {
    driver: { type: 'string' },
  },
  async run(context, { values, positionals }) {
    const [action, ...more] = positionals
    if (more.length > 0) throw new UsageError(`\`hearth meter ${action}\` takes no further words.`)
    const driver = textOption(values, 'driver')
    switch (action) {
      case 'decode':
        return decode(context, { driver })
      case undefined:
        throw new UsageError('Say what to do: decode.', 'See `hearth meter --help`.')
      default:
        throw new UsageError(`\`hearth meter\` cannot ${action}.`, 'See `hearth meter --help`.')
    }
  },
}
