import { resolve } from 'node:path'
import { UsageError } from '../usage-error.ts'
import { textOption, type Verb, type VerbValues } from '../verb.ts'
import { auditFile } from './audit.ts'
import { readManifest } from './files.ts'
import { getRange, parseRange } from './get-range.ts'
import { get } from './get.ts'
import { list } from './list.ts'
import { listProviders } from './providers.ts'
import { put } from './put.ts'
import { puts } from './puts.ts'
import { extend } from './extend.ts'
import { remove } from './remove.ts'
import { repairer } from './repairer.ts'
import { recover } from './recover.ts'
import { repair } from './repair.ts'
import { status } from './status.ts'

/** `hearth store`: keeps a file on other people's disks and brings it back. */
export const store: Verb = {
  name: 'store',
  summary: 'store a file on the network, get it back, see how it is kept',
  usage: [
    'store put PATH... --out MANIFEST [--periods N] [--fresh] [--no-keep-manifest]',
    'store recover --out DIR',
    'store puts [--forget ID]',
    'store get MANIFEST OUT [--range FIRST-LAST | --path NAME]',
    'store list MANIFEST',
    'store status MANIFEST',
    'store repair MANIFEST [--all] [--dry-run]',
    'store repairer MANIFEST --name NODE --budget TOKENS --out TICKET [--fee TOKENS] [--until DAYS]',
    'store repairer MANIFEST --end',
    'store extend MANIFEST --periods N',
    'store remove MANIFEST --yes [--wait]',
    'store audit MANIFEST',
    'store providers',
  ],
  options: {
    out: { type: 'string' },
    periods: { type: 'string' },
    fresh: { type: 'boolean' },
    'keep-manifest': { type: 'boolean' },
    'no-keep-manifest': { type: 'boolean' },
    forget: { type: 'string' },
    range: { type: 'string' },
    path: { type: 'string' },
    all: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    name: { type: 'string' },
    budget: { type: 'string' },
    fee: { type: 'string' },
    until: { type: 'string' },
    end: { type: 'boolean' },
    yes: { type: 'boolean' },
    wait: { type: 'boolean' },
  },
  async run(context, { values, positionals }) {
    const [action, ...files] = positionals
    const expect = (count: number) => {
      if (files.length !== count || files.includes(''))
        throw new UsageError(`\`hearth store ${action}\` takes ${count} file names.`)
      return files.map((file) => resolve(file))
    }
    rejectOptionsOfOthers(action, values)
    switch (action) {
      case 'put':
        return put(context, expectSome(action, files), values)
      case 'recover':
        expect(0)
        return recover(context, values)
      case 'puts':
        expect(0)
        return puts(context, { forget: textOption(values, 'forget') })
      case 'get': {
        const [manifest, out] = expect(2)
        const range = textOption(values, 'range')
        const path = textOption(values, 'path')
        if (range !== null && path !== null) throw new UsageError('Say --range or --path, not both.')
        if (range !== null) return getRange(context, manifest!, out!, parseRange(range))
        return get(context, manifest!, out!, { path })
      }
      case 'list':
        return list(context, expect(1)[0]!)
      case 'status':
        return status(context, expect(1)[0]!)
      case 'repair':
        return repair(context, expect(1)[0]!, {
          everything: values['all'] === true,
          dryRun: values['dry-run'] === true,
        })
      case 'repairer':
        return repairer(context, expect(1)[0]!, values)
      case 'extend':
        return extend(context, expect(1)[0]!, textOption(values, 'periods'))
      case 'remove':
        return remove(context, expect(1)[0]!, { yes: values['yes'] === true, wait: values['wait'] === true })
      case 'audit': {
        const manifest = await readManifest(expect(1)[0]!)
        return auditFile(context, manifest)
      }
      case 'providers':
        expect(0)
        return listProviders(context)
      default:
        throw new UsageError(
          'Say `hearth store put PATH... --out MANIFEST`, `puts`, `get MANIFEST OUT`, `list MANIFEST`, `status MANIFEST`, `repair MANIFEST`, `repairer MANIFEST`, `extend MANIFEST`, `remove MANIFEST`, `audit MANIFEST` or `providers`.',
        )
    }
  },
}

/** Which action takes which options; one that would be ignored is refused. */
const optionsOf: Readonly<Record<string, string>> = {
  out: 'put recover repairer',
  periods: 'put extend',
  fresh: 'put',
  'keep-manifest': 'put',
  'no-keep-manifest': 'put',
  forget: 'puts',
  range: 'get',
  path: 'get',
  all: 'repair',
  'dry-run': 'repair',
  name: 'repairer',
  budget: 'repairer',
  fee: 'repairer',
  until: 'repairer',
  end: 'repairer',
  yes: 'remove',
  wait: 'remove',
}

function rejectOptionsOfOthers(action: string | undefined, values: VerbValues): void {
  for (const name of Object.keys(values)) {
    const owners = optionsOf[name]?.split(' ')
    if (owners !== undefined && !owners.includes(action ?? ''))
      throw new UsageError(`--${name} belongs to \`hearth store ${owners.join('` and `')}\`.`)
  }
}

function expectSome(action: string, files: readonly string[]): string[] {
  if (files.length === 0 || files.includes(''))
    throw new UsageError(`\`hearth store ${action}\` takes file and folder names.`)
  return files.map((file) => resolve(file))
}
