/**
 * How many neighbours also render, the first ones. Few, since all of them share the processors and the one Electron of this
 * computer; three are what a part of a picture with two copies needs so that a cheat among them is outvoted by checks.
 */
export const renderNeighbours = 3

/** The neighbour that works half as long as it says, so that a newcomer sees a cheat being caught. */
const cheatIndex = 2

/** True for neighbours that render when somebody wants it. `index` from 0. */
export function canRender(index: number): boolean {
  return index < renderNeighbours
}

/** True for the one that cheats. */
export function cheats(index: number): boolean {
  return index === cheatIndex
}
