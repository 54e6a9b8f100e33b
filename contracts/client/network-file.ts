import { z } from 'zod'

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'must be a 20-byte address in hex')
const bytes32 = z.string().regex(/^0x[0-9a-fA-F]{64}$/, 'must be 32 bytes in hex')
const shortName = z.string().regex(/^[A-Za-z0-9 .-]{1,40}$/, 'must be 1 to 40 characters of A-Z a-z 0-9 space . -')
/** Sentences name the chain in at most 15 digits (contracts refuse larger ids). */
const largestChainId = 2 ** 48 - 1

const rpcUrl = z.url({ protocol: /^https?$/ }).refine(isSafeRpcUrl, 'must be https, or http on the loopback address')

/** The file that points Hearth at a chain and its contracts (DESIGN 2). Names in it are untrusted text. */
export const networkFileSchema = z.strictObject({
  formatVersion: z.literal(1),
  practice: z.boolean(),
  name: shortName,
  symbol: z.string().regex(/^[A-Za-z0-9 .-]{1,6}$/, 'must be 1 to 6 characters of A-Z a-z 0-9 space . -'),
  chainId: z.number().int().positive().max(largestChainId),
  genesisHash: bytes32,
  rpcUrls: z.array(rpcUrl).min(1),
  contracts: z.strictObject({
    HearthToken: address,
    Registry: address,
    Seeds: address,
    Payments: address,
    StorageMarket: address,
    Stewardship: address,
    RepairFund: address,
    Rewards: address,
    RenderPool: address,
    RenderMarket: address,
    RenderPanel: address,
    EnergyCertificates: address,
    EnergyMarket: address,
  }),
  deployedAtBlock: z.number().int().nonnegative(),
  bootstrapPeers: z.array(z.string()),
  journeyUrl: z.string().nullable(),
  /** What a token costs in the chain's own coin, in wei; for fee limits and the claim advisor only. */
  nativeWeiPerToken: z.string().regex(/^(0|[1-9][0-9]*)$/),
})

export type NetworkFile = Readonly<z.infer<typeof networkFileSchema>>

/** https everywhere; plain http only where nobody else can listen in. */
function isSafeRpcUrl(text: string): boolean {
  const url = new URL(text)
  return url.protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
}
