import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { networkFileSchema } from '../../../contracts/client/index.ts'
import { openCustomer } from '../../../main/practice/index.ts'
import { silentLog } from '../../../roles/api/values.ts'
import { openStoredFile } from '../../../roles/storage/customer/index.ts'

/** Times of reading `lengthBytes` at random places of a stored file, sorted; wrong bytes are an error. */
export async function readRanges(options: {
  readonly home: string
  readonly networkFile: string
  readonly manifest: string
  /** The file as it was stored. */
  readonly original: string
  readonly lengthBytes: number
  readonly runs: number
}): Promise<number[]> {
  const { lengthBytes } = options
  const network = networkFileSchema.parse(JSON.parse(await readFile(options.networkFile, 'utf8')))
  const key = JSON.parse(await readFile(join(options.home, 'keys', 'customer'), 'utf8')) as {
    secret: { data: string }
  }
  const { context, close } = await openCustomer({
    network,
    privateKeyHex: `0x${key.secret.data}`,
    dataDirectory: join(options.home, 'state', 'bench-customer'),
    log: silentLog,
  })
  const original = await readFile(options.original)
  try {
    const file = await openStoredFile(context, await readFile(options.manifest))
    const times: number[] = []
    // The first reads open the connections, one to each of the four homes that hold data.
    const warmUps = 8
    for (let run = -warmUps; run < options.runs; run++) {
      const first = randomInt(file.bytes - lengthBytes)
      const startMs = performance.now()
      const bytes = await file.read(first, lengthBytes)
      if (run >= 0) times.push(performance.now() - startMs)
      if (!original.subarray(first, first + lengthBytes).equals(bytes)) throw new Error(`Wrong bytes from ${first} on.`)
    }
    file.close()
    return times.sort((left, right) => left - right)
  } finally {
    await close()
  }
}
