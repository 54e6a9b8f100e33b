import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomFrom, wholeFrom } from '../../../roles/energy/protocol/testing/random-markets.ts'

/** Slots of a day of 15 minutes each. */
export const slotsPerDay = 96

/** What one home uses and makes, as its meters would say; whole Wh by slot. */
export type Home = {
  readonly loadWh: (slot: number) => number
  readonly generationWh: (slot: number) => number
  readonly peakWatts: number
  /** What it asks and offers, as a share of the way from feed-in to retail. */
  readonly asksShare: number
  readonly offersShare: number
}

export type Profiles = {
  readonly homes: readonly Float64Array[]
  readonly sun: Float64Array
  readonly slots: number
  /** Where the profiles come from, to be named beside every figure. */
  readonly source: string
}

/**
 * A month of profiles: measured ones from HEARTH_FIXTURES/profiles, else made-up ones of the same shape (two peaks a day and a bell of sun),
 * which say nothing about real homes and are named as such.
 */
export function loadProfiles(fixtures: string | undefined): Profiles {
  if (fixtures === undefined) return madeUpProfiles()
  const folder = join(fixtures, 'profiles')
  const read = (name: string): Float64Array =>
    Float64Array.from(
      readFileSync(join(folder, name), 'utf8').trim().split('\n').slice(1),
      (line) => Number(line.split(',')[1]) / 4,
    )
  const names = readdirSync(folder).filter((name) => name.startsWith('home_'))
  const sun = read('pv_berlin.csv')
  return { homes: names.map(read), sun, slots: sun.length, source: 'measured profiles, July 2021' }
}

function madeUpProfiles(): Profiles {
  const slots = 31 * slotsPerDay
  const random = randomFrom(1)
  const bump = (slot: number, hour: number, width: number): number =>
    Math.exp(-((((slot % slotsPerDay) / 4 - hour) / width) ** 2))
  const series = (of: (slot: number) => number): Float64Array =>
    Float64Array.from({ length: slots }, (_, slot) => of(slot))
  const homes = [6.5, 7, 7.5, 8].map((morning) =>
    series((slot) => (30 + 200 * bump(slot, morning, 1) + 300 * bump(slot, 19, 2)) * (0.5 + random())),
  )
  const weather = Array.from({ length: 31 }, () => 0.3 + 0.7 * random())
  return {
    homes,
    sun: series((slot) => 180 * bump(slot, 13, 3.5) * weather[Math.floor(slot / slotsPerDay)]!),
    slots,
    source: 'made-up profiles',
  }
}

/** Share of homes with panels. */
const withPanels = 0.4

/**
 * Homes made from few profiles: each scaled, shifted by up to an hour, begun in another week, with its own dispersion of the sun. The same seed
 * gives the same homes.
 */
export function makeHomes(profiles: Profiles, count: number, seed: number): Home[] {
  const random = randomFrom(seed)
  return Array.from({ length: count }, () => makeHome(profiles, random))
}

function makeHome({ homes, sun, slots }: Profiles, random: () => number): Home {
  const series = homes[wholeFrom(random, 0, homes.length - 1)]!
  const scale = 0.6 + random()
  const shift = wholeFrom(random, -4, 4) + 7 * slotsPerDay * wholeFrom(random, 0, 3) + slots
  const peakWatts = random() < withPanels ? wholeFrom(random, 3, 10) * 1000 : 0
  const largest = sun.reduce((most, one) => Math.max(most, one), 1)
  const perPeak = (peakWatts * 0.85) / 4 / largest
  const clouds = wholeFrom(random, 1, 2 ** 31)
  return {
    loadWh: (slot) => Math.floor(series[(slot + shift) % slots]! * scale),
    generationWh: (slot) => Math.floor(sun[slot % slots]! * perPeak * (0.9 + 0.2 * dispersion(clouds, slot))),
    peakWatts,
    asksShare: 0.6 * random(),
    offersShare: 1 - 0.6 * random(),
  }
}

/** From 0 up to 1, for a home and a slot. */
function dispersion(seed: number, slot: number): number {
  const mixed = Math.imul(seed ^ Math.imul(slot + 1, 0x9e3779b1), 0x85ebca6b)
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32
}
