import { hexlify, parseEther, randomBytes, Wallet } from 'ethers'
import {
  encodeApprove,
  encodeLock,
  encodeRedeem,
  openChain,
  readLatestBlock,
  sendAndWait,
  voucherTypedData,
} from '../../../../contracts/client/index.ts'
import { authorizeCall } from '../../../../contracts/script/testing/actors.ts'
import type { TestChain } from '../../../app/testing/test-chain.ts'
import { openHome } from '../../../store/index.ts'

const timeoutMs = 20_000

/** Binds a key to the home's operator and pays it one voucher; nineteen twentieths of it are his. */
export async function earnTokens(chain: TestChain, homeDirectory: string, tokens: string): Promise<string> {
  const { network } = chain
  const home = openHome(homeDirectory)
  await home.network.write(network)
  const operator = new Wallet((await home.keys.ensureKey('operator')).privateKeyHex)
  const node = new Wallet(Wallet.createRandom().privateKey)
  const payer = await chain.provider.getSigner(0)
  const reader = openChain(network)
  const call = await authorizeCall({ network, chain: reader }, operator, [{ wallet: node, role: 'storage' }])
  await sendAndWait(payer, call, { timeoutMs })
  const customer = await payer.getAddress()
  await sendAndWait(payer, encodeApprove(network, {}), { timeoutMs })
  const lock = encodeLock(network, { nodes: [node.address], amountsWei: [parseEther(tokens)] })
  await sendAndWait(payer, lock, { timeoutMs })
  const expirySeconds = (await readLatestBlock(reader)).timestampSeconds + 6_000
  const lane = hexlify(randomBytes(32))
  const voucher = { customer, node: node.address, lane, cumulativeWei: parseEther(tokens), expirySeconds }
  const { domain, types, value } = voucherTypedData(network, voucher)
  const signature = await payer.signTypedData(domain, types, value)
  await sendAndWait(payer, encodeRedeem(network, { voucher, signature }), { timeoutMs })
  reader.close()
  return operator.address
}
