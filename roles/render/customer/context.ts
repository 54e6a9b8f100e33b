import type { Wallet } from 'ethers'
import type { Chain, TransactionSender } from '../../../contracts/client/index.ts'
import type { OpenRenderSurface } from '../../api/render-surface.ts'
import type { Log } from '../../api/values.ts'
import type { NetworkNode } from '../../network/index.ts'

/** What somebody who has pictures rendered works with. The caller made all of it and closes all of it. */
export type RenderCustomer = {
  readonly chain: Chain
  /** The customer's account; its key is also the libp2p identity of `node`. */
  readonly wallet: Wallet
  readonly sender: TransactionSender
  readonly node: NetworkNode
  /** Journals, ciphertexts and sums of jobs under way are kept here. */
  readonly dataDirectory: string
  readonly log: Log
  /** A place of one's own in which secretly drawn cells are rendered again. */
  readonly openSurface: OpenRenderSurface
}
