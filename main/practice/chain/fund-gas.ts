import type { ChainRpc } from './rpc.ts'

/** Native wei of an account that was just filled up: more than anyone can burn on gas in years of practice. */
const fullWei = 10n ** 22n

/**
 * Gives an account native coins by setting its balance: on one's own chain nobody has to send them. Does nothing while
 * more than half is left, so that a reader of balances sees no jumps.
 */
export async function fundGas(rpc: ChainRpc, address: string): Promise<void> {
  const balance = BigInt(String(await rpc.call('eth_getBalance', [address, 'latest'])))
  if (balance > fullWei / 2n) return
  await rpc.call('anvil_setBalance', [address, `0x${fullWei.toString(16)}`])
}
