import { activity } from './en/activity.ts'
import { common } from './en/common.ts'
import { disks } from './en/disks.ts'
import { exit } from './en/exit.ts'
import { hardware } from './en/hardware.ts'
import { overview } from './en/overview.ts'
import { risk } from './en/risk.ts'
import { reputation } from './en/reputation.ts'
import { roles } from './en/roles.ts'
import { settings } from './en/settings.ts'
import { device } from './en/device.ts'
import { earnings } from './en/earnings.ts'
import { ledger } from './en/ledger.ts'
import { review } from './en/review.ts'
import { wallet } from './en/wallet.ts'
import { render } from './en/render.ts'
import { storage } from './en/storage.ts'

/** Every English sentence of the window, by key. Other languages have the same keys; the type is the check. */
export const en = {
  ...common,
  ...overview,
  ...roles,
  ...hardware,
  ...storage,
  ...render,
  ...disks,
  ...risk,
  ...exit,
  ...activity,
  ...settings,
  ...reputation,
  ...device,
  ...earnings,
  ...ledger,
  ...review,
  ...wallet,
} as const

export type MessageKey = keyof typeof en
export type Messages = Readonly<Record<MessageKey, string>>
