import { z } from 'zod'

/** Where the window was; kept between starts. Sizes in device-independent pixels. */
export const windowStateSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  maximized: z.boolean(),
})

export type WindowState = Readonly<z.infer<typeof windowStateSchema>>

/** A rectangle of the desktop that windows may use. */
export type WorkArea = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

export const minimumSize = { width: 720, height: 560 }
const firstSize = { width: 1180, height: 820 }

/** A window counts as reachable while this much of its title bar lies on a screen. */
const reachable = { width: 120, height: 40 }

/**
 * Where to open the window: as it was, if that is still on a screen; else centred on the first. Never larger than the
 * screen it lies on, and wholly inside it.
 */
export function placeWindow(remembered: WindowState | null, workAreas: readonly WorkArea[]): WindowState {
  const primary = workAreas[0] ?? { x: 0, y: 0, ...firstSize }
  if (remembered === null) return centred(firstSize, primary, false)
  const home = workAreas.find((area) => isReachable(remembered, area))
  return home === undefined ? centred(remembered, primary, remembered.maximized) : inside(remembered, home)
}

function isReachable(state: WindowState, area: WorkArea): boolean {
  const visibleWidth = Math.min(state.x + state.width, area.x + area.width) - Math.max(state.x, area.x)
  return visibleWidth >= reachable.width && state.y >= area.y && state.y + reachable.height <= area.y + area.height
}

function inside(state: WindowState, area: WorkArea): WindowState {
  const { width, height } = fitted(state, area)
  return {
    x: Math.min(Math.max(state.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(state.y, area.y), area.y + area.height - height),
    width,
    height,
    maximized: state.maximized,
  }
}

function centred(size: { width: number; height: number }, area: WorkArea, maximized: boolean): WindowState {
  const { width, height } = fitted(size, area)
  const x = area.x + Math.floor((area.width - width) / 2)
  const y = area.y + Math.floor((area.height - height) / 2)
  return { x, y, width, height, maximized }
}

/** At least the smallest useful size, unless the screen itself is smaller. */
function fitted(size: { width: number; height: number }, area: WorkArea): { width: number; height: number } {
  return {
    width: Math.min(Math.max(size.width, minimumSize.width), area.width),
    height: Math.min(Math.max(size.height, minimumSize.height), area.height),
  }
}
