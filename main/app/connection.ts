import { join } from 'node:path'
import { Wallet } from 'ethers'
import { createTransactionSender, openChain } from '../../contracts/client/index.ts'
import type { Chain, NetworkFile, TransactionSender } from '../../contracts/client/index.ts'
import { HearthError } from '../../roles/api/errors.ts'
import { openGasLedger } from '../store/index.ts'
import type { GasLedger, Home } from '../store/index.ts'

/** A home's way to its network: chain and gas account. Needs no operator, so it is there before any device was seen. */
export type Connection = {
  readonly network: NetworkFile
  readonly chain: Chain
  readonly gasAddress: string
  readonly sender: TransactionSender
  readonly gas: GasLedger
  close(): void
}

/** The RPC server speaks for another chain than the network file names. */
export class WrongChainError extends HearthError {}

/** Opens the connection of a home. On practice it makes sure that the chain is the one that this home made. */
export async function openConnection(home: Home, network: NetworkFile): Promise<Connection> {
  const chain = openChain(network)
  try {
    if (network.practice) await assertGenesis(chain)
    const gasKey = await home.keys.ensureKey('gas')
    const sender = createTransactionSender(chain, new Wallet(gasKey.privateKeyHex, chain.provider))
    const gas = openGasLedger(join(home.stateDirectory(), 'gas.sqlite'), network.genesisHash)
    const close = () => {
      sender.close()
      chain.close()
      gas.close()
    }
    return { network, chain, gasAddress: gasKey.address, sender, gas, close }
  } catch (error) {
    chain.close()
    throw error
  }
}

async function assertGenesis(chain: Chain): Promise<void> {
  const genesis = await chain.provider.getBlock(0)
  if (genesis?.hash?.toLowerCase() === chain.network.genesisHash.toLowerCase()) return
  throw new WrongChainError('WRONG_CHAIN', 'The chain that answers is not the one that the network file names.', {
    action: 'Start the practice network again.',
    details: { expected: chain.network.genesisHash, found: genesis?.hash ?? null },
  })
}
