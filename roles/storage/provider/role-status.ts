import type { OwnReputation, RoleStatus } from '../../api/messages.ts'
import type { Exit } from './exit/run-exit.ts'
import type { Prover } from './prover.ts'
import type { ProviderParts } from './run-provider.ts'

/** Composes what the window shows of a provider; cheap enough for every heartbeat. */
export function createRoleStatus(
  parts: ProviderParts,
  prover: Prover,
  exit: Exit,
  reputation: () => OwnReputation | null,
): () => RoleStatus {
  const { node, store, vouchers, diskKeeper, problems } = parts
  return () => {
    const { pieces, customers, usedBytes, pendingBytes } = store.index.totals()
    return {
      peerId: node.peerId,
      multiaddrs: node.multiaddrs(),
      peers: new Set(node.connections().map((connection) => connection.peerId)).size,
      lastAcceptedWorkAtMs: store.index.lastProofAtMs(),
      storage: {
        pieces,
        customers,
        usedBytes,
        pendingBytes,
        freeBytes: store.disks.freeBytes(),
        ...prover.status(),
        unredeemedWei: vouchers.unredeemedWei().toString(),
        reputation: reputation(),
      },
      disks: diskKeeper.statuses(),
      leaving: exit.status(),
      problems: problems.list(),
    }
  }
}
