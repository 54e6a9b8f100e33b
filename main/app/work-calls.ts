import { interfaces } from '../../contracts/client/index.ts'
import type { ContractName, NetworkFile } from '../../contracts/client/index.ts'
import { HearthError } from '../../roles/api/errors.ts'
import type { SubmitRequest } from '../../roles/api/messages.ts'
import { sameAddress } from '../../roles/api/values.ts'

type Purpose = SubmitRequest['purpose']

/** What a worker may have sent for each purpose; names that a contract does not have are simply never matched. */
const allowed: Readonly<Record<Purpose, { readonly contract: ContractName; readonly functions: readonly string[] }>> = {
  priceTerms: { contract: 'Registry', functions: ['setTerms'] },
  seedOpen: { contract: 'Seeds', functions: ['open'] },
  seedCapture: { contract: 'Seeds', functions: ['capture'] },
  storageProof: { contract: 'StorageMarket', functions: ['provePossession', 'proveMany'] },
  storageSettle: { contract: 'StorageMarket', functions: ['settle'] },
  storageExit: { contract: 'StorageMarket', functions: ['handOver', 'forfeit', 'finish'] },
  renderPool: { contract: 'RenderPool', functions: ['takeWork', 'stopWork', 'evict'] },
  renderCommit: { contract: 'RenderMarket', functions: ['commit'] },
  renderReveal: { contract: 'RenderMarket', functions: ['reveal'] },
  renderRelease: { contract: 'RenderMarket', functions: ['release'] },
  renderPanel: { contract: 'RenderPanel', functions: ['draw', 'vote', 'revealVote', 'settle'] },
  voucherRedeem: { contract: 'Payments', functions: ['redeem', 'redeemMany'] },
}

/** The gas account does not send this. */
export class SubmitRefusedError extends HearthError {
  constructor(message: string) {
    super('SUBMIT_REFUSED', message)
  }
}

/**
 * Throws SubmitRefusedError unless the call goes to our contract and function for its purpose. Every function on the list
 * is permissionless and pays nobody but operators and, at the end of a set, its customer, so a hostile worker can at most waste gas up to the daily bound.
 */
export function assertWorkCall(request: SubmitRequest, network: NetworkFile): void {
  const { contract, functions } = allowed[request.purpose]
  if (!sameAddress(request.to, network.contracts[contract])) {
    throw new SubmitRefusedError(`A call for "${request.purpose}" goes to ${contract} only.`)
  }
  const selector = request.data.slice(0, 10).toLowerCase()
  const selectors = functions.map((name) => interfaces[contract].getFunction(name)?.selector)
  if (!selectors.includes(selector)) {
    throw new SubmitRefusedError(`The call ${selector} does not serve "${request.purpose}".`)
  }
}
