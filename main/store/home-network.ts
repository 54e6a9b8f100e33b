import { z } from 'zod'
import { HearthError } from '../../roles/api/errors.ts'
import { writeFileAtomic } from '../../roles/persistence/index.ts'
import { fileMode } from './modes.ts'
import { readTextIfThere } from './read-text.ts'

/** What the store itself must know of a network file; contracts/client checks the rest. */
const knownFieldsSchema = z.looseObject({
  practice: z.boolean(),
  chainId: z.number().int().positive(),
  genesisHash: z.string().regex(/^0x[0-9a-fA-F]{64}$/),
})

/** A network file as the store passes it on. */
export type HomeNetworkFile = Readonly<z.infer<typeof knownFieldsSchema>>

/** The home has no network yet. */
export class NoNetworkError extends HearthError {
  constructor(directory: string) {
    super('NO_NETWORK', `The home ${directory} is on no network.`, {
      action: 'Run `hearth practice`, or name a network file with --network.',
    })
  }
}

/** network.json cannot be understood. */
export class NetworkFileError extends HearthError {}

/** network.json of one home. */
export type HomeNetwork = {
  readonly path: string
  /** The file's content, or null when the home is on no network. Rejects with NetworkFileError. */
  read(): Promise<HomeNetworkFile | null>
  write(file: unknown): Promise<void>
}

/** Opens the network file at a path; it carries the practice network's start token, hence mode 0600. */
export function createHomeNetwork(path: string): HomeNetwork {
  return {
    path,
    async read() {
      const text = await readTextIfThere(path)
      return text === null ? null : parse(path, text)
    },
    write: (file) => writeFileAtomic(path, `${JSON.stringify(file, null, 2)}\n`, { mode: fileMode }),
  }
}

function parse(path: string, text: string): HomeNetworkFile {
  try {
    return knownFieldsSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new NetworkFileError('NETWORK_FILE_INVALID', `The network file ${path} cannot be understood.`, {
      action: `Move it away and run \`hearth practice\`, or put the right file in its place.`,
      details: { path },
      cause,
    })
  }
}
