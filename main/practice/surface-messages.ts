import { z } from 'zod'
import { serializedErrorSchema } from '../../roles/api/messages.ts'
import { surfaceTicketSchema } from '../../roles/api/render-surface.ts'

/** A process of the practice network asks its owner for a window to render in. */
export const surfaceWishSchema = z.object({ kind: z.literal('openSurface'), id: z.number().int() })

/** What the owner answers. */
export const surfaceAnswerSchemas = [
  z.object({ kind: z.literal('surface'), id: z.number().int(), ticket: surfaceTicketSchema }),
  z.object({ kind: z.literal('surfaceRefused'), id: z.number().int(), error: serializedErrorSchema }),
] as const

export type SurfaceWish = z.infer<typeof surfaceWishSchema>
export type SurfaceAnswer = z.infer<(typeof surfaceAnswerSchemas)[number]>
