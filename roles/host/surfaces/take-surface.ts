import { HearthError } from '../../api/errors.ts'
import type { RenderSurface, SurfaceTicket } from '../../api/render-surface.ts'
import { openPortSurface, type SurfacePorts } from './port-surface.ts'
import { openSocketSurface } from './socket-surface.ts'

/** Takes hold of the surface that the owner of this process opened. `claimPorts` gives those that came over its port. */
export async function takeSurface(
  ticket: SurfaceTicket,
  claimPorts: (id: string) => SurfacePorts | null,
  options: { signal: AbortSignal },
): Promise<RenderSurface> {
  switch (ticket.kind) {
    case 'socket':
      return openSocketSurface(ticket, options)
    case 'ports': {
      const ports = claimPorts(ticket.id)
      if (ports === null) throw new HearthError('SURFACE_LOST', 'The ports of a render window did not arrive.')
      return openPortSurface(ports)
    }
  }
}
