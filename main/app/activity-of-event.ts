import type { RoleEvent } from '../../roles/api/messages.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import type { Activity } from '../api/channels.ts'

type Line = Omit<Activity, 'id'>

/** The line of the activity log for something that a worker told, or null for what would only fill the log. */
export function activityOfEvent(role: RoleName, event: RoleEvent, atMs: number): Line | null {
  const line = (level: Line['level'], values: Line['values'], transactionHash: string | null = null): Line => ({
    atMs,
    role,
    level,
    code: event.kind,
    values,
    transactionHash,
  })
  switch (event.kind) {
    case 'pieceStored':
    case 'pieceServed':
      return line('info', { lengthBytes: event.lengthBytes, root: event.root, customer: event.customer })
    case 'piecesAccepted':
      return line('good', { count: event.count, lengthBytes: event.lengthBytes, customer: event.customer })
    case 'pieceRemoved':
      return line('info', { lengthBytes: event.lengthBytes, root: event.root, reason: event.reason })
    case 'pieceDamaged':
      return line('error', { root: event.root, blockIndex: event.blockIndex })
    case 'piecesLost':
      return line('error', { count: event.count, lengthBytes: event.lengthBytes })
    case 'proofAccepted':
      return line('good', { period: event.period, customer: event.customer }, event.transactionHash)
    case 'proofFailed':
      return line('warning', { period: event.period, customer: event.customer, message: event.message })
    case 'periodMissed': {
      const { firstPeriod, lastPeriod, customer, cause, message } = event
      return line('warning', {
        firstPeriod,
        lastPeriod,
        customer,
        cause,
        message,
        periods: lastPeriod - firstPeriod + 1,
      })
    }
    case 'periodVoid': {
      const { firstPeriod, lastPeriod, customer } = event
      return line('info', { firstPeriod, lastPeriod, customer, periods: lastPeriod - firstPeriod + 1 })
    }
    case 'voucherReceived':
      // One per served range: the redemption is what a person wants to read.
      return null
    case 'voucherRedeemed':
      return line('good', { customer: event.customer }, event.transactionHash)
    case 'piecesHandedOver': {
      const { count, lengthBytes, customer, heir } = event
      return line('good', { count, lengthBytes, customer, heir }, event.transactionHash)
    }
    case 'setForfeited':
      return line('warning', { customer: event.customer }, event.transactionHash)
    case 'leftStorage':
      return line('good', {})
    case 'renderBenchmarked':
      return line('info', { megasamplesPerSecond: event.megasamplesPerSecond, device: event.device })
    case 'renderUnitStarted':
      return line('info', { frame: event.frame + 1, customer: event.customer, jobId: event.jobId, unit: event.unit })
    case 'renderUnitCommitted':
      return line('info', { customer: event.customer, jobId: event.jobId, unit: event.unit }, event.transactionHash)
    case 'renderUnitAccepted': {
      const { paidWei, customer, jobId, unit } = event
      return line('good', { paidWei, customer, jobId, unit }, event.transactionHash)
    }
    case 'renderUnitRefused':
    case 'renderUnitFailed':
      return line('warning', { customer: event.customer, jobId: event.jobId, unit: event.unit, message: event.message })
    case 'chainLost':
      return line('warning', { message: event.message })
    case 'chainBack':
      return line('info', { blockNumber: event.blockNumber })
    case 'problem':
      return line('warning', { problem: event.code, message: event.message, action: event.action ?? '' })
    case 'problemSolved':
      return line('info', { problem: event.code })
  }
}
