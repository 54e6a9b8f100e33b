import { z } from 'zod'

/** What may be wrong with a reading or with the energy of a slot (utility practice calls these rules VEE). */
export const findingCodeSchema = z.enum([
  'gap',
  'counterFell',
  'counterReset',
  'registerMissing',
  'meterSwapped',
  'wrongMeter',
  'duplicateMeter',
  'connectionLimit',
  'panelLimit',
  'night',
  'voltage',
  'frequency',
  'spike',
  'clockJump',
  'clockBack',
  'daylightSaving',
  'deviceFault',
  'stale',
  'sumDiffers',
])
export type FindingCode = z.infer<typeof findingCodeSchema>

/** Whether a finding makes the energy of its slot unfit to be traded, and what it means for a person. */
export type FindingMeaning = { readonly fails: boolean; readonly sentence: string }

export const findingMeanings: Readonly<Record<FindingCode, FindingMeaning>> = {
  gap: {
    fails: true,
    sentence: 'The meter was not heard at the border of this slot, so its energy is spread evenly over the gap.',
  },
  counterFell: { fails: true, sentence: 'A register of the meter went back, which no meter does.' },
  counterReset: { fails: true, sentence: 'A register of the meter began again near zero.' },
  registerMissing: { fails: true, sentence: 'The meter left out a register that it tells at other times.' },
  meterSwapped: { fails: true, sentence: 'Another meter answers now.' },
  wrongMeter: { fails: true, sentence: 'This is not the meter that was admitted.' },
  duplicateMeter: { fails: true, sentence: 'Two homes claim this meter.' },
  connectionLimit: { fails: true, sentence: 'More flowed than the connection of the house can carry.' },
  panelLimit: { fails: true, sentence: 'More was generated than the panels can give.' },
  night: { fails: true, sentence: 'Solar energy was counted while the sun was down.' },
  voltage: { fails: true, sentence: 'The voltage is far from what the grid has.' },
  frequency: { fails: true, sentence: 'The frequency is far from what the grid has.' },
  spike: { fails: true, sentence: 'This is several times more than ever before in a week.' },
  clockJump: { fails: true, sentence: 'The clock of the meter jumped.' },
  clockBack: { fails: true, sentence: 'The clock of this computer went back.' },
  daylightSaving: { fails: false, sentence: 'The clock of the meter jumped by an hour, as for summer or winter time.' },
  deviceFault: { fails: true, sentence: 'The meter says that its figures are not valid.' },
  stale: { fails: false, sentence: 'A message that the broker had kept was left aside.' },
  sumDiffers: { fails: false, sentence: 'The slots of this day do not add up to what the registers counted.' },
}

/** True when one of the findings makes a slot unfit to be traded. */
export function fails(findings: readonly FindingCode[]): boolean {
  return findings.some((code) => findingMeanings[code].fails)
}
