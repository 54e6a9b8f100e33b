import { readFile } from 'node:fs/promises'
import { parseArgs, parseEnv } from 'node:util'
import { hexlify, randomBytes, Wallet } from 'ethers'
import { z } from 'zod'

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'takes an address of 20 bytes in hex')
const word = z.string().regex(/^[A-Za-z0-9 .-]{1,6}$/, 'takes 1 to 6 characters of A-Z a-z 0-9 space . -')

const optionsSchema = z.strictObject({
  rpc: z.url(),
  profile: z.enum(['real', 'practice']),
  out: z.string().min(1),
  env: z.string().min(1),
  name: z.string().regex(/^[A-Za-z0-9 .-]{1,40}$/, 'takes 1 to 40 characters of A-Z a-z 0-9 space . -'),
  symbol: word,
  label: word.default('Hearth'),
  recipient: address.optional(),
  admin: address.optional(),
  guard: address.optional(),
  /** Whoever knows it before the deployment could spoil it: random unless named, which a repeated dry run needs. */
  salt: z
    .string()
    .min(8)
    .default(() => hexlify(randomBytes(32))),
  'dry-run': z.boolean().default(false),
})

export type NetworkOptions = z.infer<typeof optionsSchema>

/** The command line of `deploy-network.ts`. Throws with what is wrong and at which option. */
export function parseNetworkOptions(args: readonly string[]): NetworkOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ rpc: text, profile: text, out: text, env: text, name: text, symbol: text, label: text },
      ...{ recipient: text, admin: text, guard: text, salt: text, 'dry-run': { type: 'boolean' } },
    },
  })
  const parsed = optionsSchema.safeParse(values)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new Error(`--${issue.path.join('.')}: ${issue.message}.`)
  }
  const options = parsed.data
  if (options.profile === 'real' && (options.admin === undefined || options.guard === undefined)) {
    throw new Error('A real network needs --admin and --guard, two accounts apart from each other and from the payer.')
  }
  return options
}

/**
 * The payer's key, the value of HEARTH_DEPLOY_KEY in an environment file: neither the command line nor the environment of
 * the process shows it to others.
 */
export async function readDeployKey(path: string): Promise<Wallet> {
  const key = parseEnv(await readFile(path, 'utf8'))['HEARTH_DEPLOY_KEY']
  if (key === undefined || !/^0x[0-9a-fA-F]{64}$/.test(key)) {
    throw new Error(`The file ${path} must hold one line HEARTH_DEPLOY_KEY=0x and 64 hex digits.`)
  }
  return new Wallet(key)
}
