import { z } from 'zod'
import { addressSchema } from '../../api/values.ts'
import { networkFields } from './frames.ts'

/**
 * Wire frames of a handover between two providers (PROTOCOL 5.6). The caller is the node that leaves, known from the
 * connection; the `Handover` frame names the customer whose set it hands over, then the exchange goes on as a put or an
 * acceptance does, free of charge. A refusal comes where the first answer of that exchange would.
 */

/** `Handover`, then as `storagePutProtocol`. */
export const handoverPutProtocol = '/hearth/storage/handover/put/1'
/** `Handover`, then as `storageAcceptProtocol`. */
export const handoverAcceptProtocol = '/hearth/storage/handover/accept/1'

export const handoverSchema = z.strictObject({
  kind: z.literal('handover'),
  ...networkFields,
  customer: addressSchema,
})
