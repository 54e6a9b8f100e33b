import { z } from 'zod'

/** What is known of a request before its body is read. */
export type Envelope = {
  readonly method: string | undefined
  readonly host: string | undefined
  readonly origin: string | undefined
  /** Browsers name here who asks; programs do not. */
  readonly fetchSite: string | undefined
}

/**
 * Why a request gets no answer; null when it does (PROTOCOL 9.2). Pure.
 *
 * A page that a person happens to visit must not put questions on the practice screen, nor press its buttons: it sends an
 * Origin, or, where its browser leaves that away, names itself as the one who asks. A page that lets its own name point to
 * this computer sends that name as Host.
 */
export function judgeEnvelope({ host, origin, fetchSite, method }: Envelope, port: number): number | null {
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return 403
  if (origin !== undefined || fetchSite !== undefined) return 403
  return method === 'GET' || method === 'POST' || method === 'DELETE' ? null : 405
}

/** `POST /apdu` */
export const apduBodySchema = z.object({ data: z.string().regex(/^([0-9a-fA-F]{2}){1,260}$/) })

const action = z.enum(['press', 'release', 'press-and-release'])
const delay = z.number().min(0).max(60).optional()

/** `POST /button/NAME` */
export const buttonBodySchema = z.object({ action, delay })

/** `POST /finger` */
export const fingerBodySchema = z.object({ action, delay, x: z.number().int(), y: z.number().int() })
