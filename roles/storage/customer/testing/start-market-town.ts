import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getBytes, parseEther, type Wallet } from 'ethers'
import { createTransactionSender, encodeTransfer, sendAndWait } from '../../../../contracts/client/index.ts'
import { boundNode, fundedWallet } from '../../../../contracts/script/testing/actors.ts'
import { startTestChain, type TestChain } from '../../../../contracts/script/testing/practice-chain.ts'
import { silentLog } from '../../../api/values.ts'
import { createNetworkNode, localIdentity } from '../../../network/index.ts'
import { startTestProvider, type TestProvider } from '../../provider/testing/start-test-provider.ts'
import type { CustomerContext } from '../context.ts'

/** A chain, providers on addresses of their own, and a customer with tokens: the real thing in one process. */
export type MarketTown = {
  readonly test: TestChain
  readonly context: CustomerContext
  readonly providers: ReadonlyMap<string, TestProvider>
  readonly directory: string
  /** Another account in the town, with its own connection and folder; closed with the town. */
  open(wallet: Wallet, name: string): Promise<CustomerContext>
  /** Ends providers by node; they do not come back. */
  end(nodes: readonly string[]): Promise<void>
  stop(): Promise<void>
}

export async function startMarketTown(options: { providers: number }): Promise<MarketTown> {
  const directory = mkdtempSync(join(tmpdir(), 'hearth-customer-'))
  const test = await startTestChain()
  const providers = new Map<string, TestProvider>()
  const bootstrapPeers: string[] = []
  const plans: { node: Wallet; operator: Wallet; gas: Wallet }[] = []
  for (let index = 0; index < options.providers; index++)
    plans.push({ ...(await boundNode(test)), gas: await fundedWallet(test) })
  const wallet = await fundedWallet(test)
  await sendAndWait(
    test.funder,
    encodeTransfer(test.network, { to: wallet.address, amountWei: parseEther('100000') }),
    {
      timeoutMs: 20_000,
    },
  )
  await test.chain.provider.send('evm_setIntervalMining', [1])
  for (const [index, { node, operator, gas }] of plans.entries()) {
    const provider = await startTestProvider({
      test,
      node,
      operator: operator.address,
      gas,
      directory: join(directory, `provider-${index}`),
      listen: [`/ip4/127.0.${index + 1}.1/tcp/0`],
      bootstrapPeers: bootstrapPeers.slice(0, 3),
    })
    providers.set(node.address, provider)
    bootstrapPeers.push(...provider.role.status().multiaddrs)
  }
  const opened: CustomerContext[] = []
  const open = async (account: Wallet, name: string): Promise<CustomerContext> => {
    const node = await createNetworkNode({
      identity: localIdentity(getBytes(account.privateKey)),
      listen: [],
      bootstrapPeers,
      mode: 'client',
      log: silentLog,
    })
    const sender = createTransactionSender(test.chain, account)
    const dataDirectory = join(directory, name)
    mkdirSync(dataDirectory, { recursive: true })
    opened.push({ chain: test.chain, wallet: account, sender, node, dataDirectory, log: silentLog })
    return opened.at(-1)!
  }
  const end = async (nodes: readonly string[]): Promise<void> => {
    await Promise.all(nodes.map((address) => providers.get(address)?.stop()))
  }
  return {
    test,
    context: await open(wallet, 'customer'),
    open,
    providers,
    directory,
    end,
    async stop() {
      for (const { node, sender } of opened) {
        await node.stop()
        sender.close()
      }
      await end([...providers.keys()])
      await test.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
