import { getAddress, type Result } from 'ethers'
import type { Chain } from './chain.ts'
import type { BlockRange } from './earnings.ts'
import { interfaces } from './interfaces.ts'
import { readLogs } from './read-logs.ts'

/** A panel that was drawn about a disputed task. */
export type DrawnPanel = {
  readonly jobId: string
  readonly task: number
  readonly members: readonly string[]
  readonly voteBySeconds: number
  readonly revealBySeconds: number
}

/** All panels that were drawn in a range of blocks (both ends included), in chain order. */
export async function readPanelsDrawn(chain: Chain, range: BlockRange): Promise<DrawnPanel[]> {
  const face = interfaces.RenderPanel
  const logs = await readLogs(chain, 'RenderPanel', [face.getEvent('PanelDrawn')!.topicHash], range)
  return logs.map((log) => {
    const { args } = face.parseLog(log)!
    return {
      jobId: String(args.jobId),
      task: Number(args.task),
      members: [...(args.members as Result)].map((member) => getAddress(String(member))),
      voteBySeconds: Number(args.voteBy),
      revealBySeconds: Number(args.revealBy),
    }
  })
}
