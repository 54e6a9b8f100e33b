import { listDataSets } from '../../contracts/client/index.ts'
import type { Payout } from '../../contracts/client/index.ts'
import { HearthError } from '../../roles/api/errors.ts'
import type { Log } from '../../roles/api/values.ts'
import { sameAddress } from '../../roles/api/values.ts'
import type { Activity } from '../api/channels.ts'
import { operatorPath } from '../api/hardware-signer.ts'
import type { Platform } from '../api/platform.ts'
import type { DeviceChoice, DeviceState, PracticeButton, WalletView } from '../api/wallet.ts'
import { confirmedAfter, confirmedNow } from '../earnings/index.ts'
import type { LandedConsent } from '../earnings/index.ts'
import { confirmedPayoutOf, withConfirmedPayout } from '../store/index.ts'
import type { ConfirmedPayout, Home, SignedSentence, WalletRecord, WalletRecordStore } from '../store/index.ts'
import { DeviceError, openOperatorDevice } from '../wallet/index.ts'
import { activityOfConsent } from './activity-of-consent.ts'
import type { Connection } from './connection.ts'
import { ConsentDesk } from './consent-desk.ts'
import { DeviceSlot } from './device-slot.ts'
import { watchPayout } from './payout-watch.ts'
import type { PayoutWatch } from './payout-watch.ts'
import { ownerOf } from './session.ts'
import type { Session } from './session.ts'

/** The chosen device speaks for another account than the one that this computer works for. */
export class OperatorHasWorkError extends HearthError {}

export type WalletDeskParts = {
  readonly home: Home
  readonly connection: Connection
  readonly platform: Pick<Platform, 'askPerson'>
  /** A device that was named when Hearth was started; null: the one that was chosen before. */
  readonly ledger: DeviceChoice | null
  /** The present session; null until an operator is known. */
  readonly session: () => Session | null
  /** Opens the session of the operator that is known now. */
  readonly reopen: () => Promise<void>
  readonly onActivity: (line: Omit<Activity, 'id'>) => void
  /** A sentence has landed: whoever shows what it changes should look. */
  readonly onLanded: () => void
  readonly onChange: () => void
  readonly log: Log
}

/** The operator's device on one network: which it is, whom it speaks for, and what is under way with it. */
export class WalletDesk {
  readonly consents: ConsentDesk
  readonly #parts: WalletDeskParts
  readonly #store: WalletRecordStore
  /** The home's own practice operator; null on other networks. */
  readonly #own: string | null
  readonly #payout: PayoutWatch
  readonly #slot: DeviceSlot
  #record: WalletRecord
  /** Set while a device of another account is connected. */
  #otherAccount: DeviceState | null = null

  static async open(parts: WalletDeskParts): Promise<WalletDesk> {
    const store = parts.home.walletRecord(parts.connection.network)
    const desk = new WalletDesk(parts, store, await store.read(), await parts.home.keys.ownOperator())
    // The session is about to be opened: nothing has to be opened anew.
    if (parts.ledger !== null) await desk.#take(parts.ledger)
    return desk
  }

  private constructor(parts: WalletDeskParts, store: WalletRecordStore, record: WalletRecord, own: string | null) {
    this.#parts = parts
    this.#store = store
    this.#record = record
    this.#own = own
    const { connection, platform, log, onChange } = parts
    const { practice } = connection.network
    this.#slot = new DeviceSlot({
      choice: this.#choice(),
      open: (choice) => openOperatorDevice({ choice, practice, keys: parts.home.keys, log }),
      onChange,
    })
    this.consents = new ConsentDesk({
      session: () => this.#requireSession(),
      device: () => this.#slot.device,
      platform,
      signed: parts.home.signedSentences(connection.network),
      confirmed: async (operator) => confirmedPayoutOf(this.#record, operator),
      onLanded: (sentence, landed) => this.#landed(sentence, landed),
      onTold: (level, code, values) => this.#tell(level, code, values, null),
      onChange,
      log,
    })
    this.#payout = watchPayout({
      connection,
      operator: () => this.operator(),
      confirm: (operator, payout) => this.#confirm(operator, payout),
      onTold: (level, code, values, transactionHash) => this.#tell(level, code, values, transactionHash),
      onChange,
      log,
    })
  }

  /** Whom this computer works for; null until a device has named its account. */
  operator(): string | null {
    return this.#record.operator ?? this.#own
  }

  view(): WalletView {
    const { device, practiceLedger } = this.#slot
    const operator = this.operator()
    return {
      choice: this.#choice(),
      state: this.#otherAccount ?? device.state(),
      account: this.#account(),
      hardware: device.hardware,
      consent: this.consents.progress(),
      payout: operator === null ? null : this.#payout.view(confirmedPayoutOf(this.#record, operator)),
      practiceScreen: practiceLedger?.screen() ?? null,
      balanceWei: this.#payout.balanceWei()?.toString() ?? null,
    }
  }

  /** Takes another device. Its account becomes the operator's once it has named it; nothing is asked of a person. */
  async choose(choice: DeviceChoice): Promise<void> {
    if (await this.#take(choice)) await this.#parts.reopen()
  }

  /** Looks at the device once; what is in the way becomes the state that the window shows. */
  async check(): Promise<void> {
    if (await this.#look()) await this.#parts.reopen()
  }

  /** Presses a button of the practice Ledger; one that does nothing now is no error. */
  press(button: PracticeButton): void {
    this.#practiceLedger().press(button)
  }

  setPractice({ blindSigning, locked }: { blindSigning: boolean; locked: boolean }): void {
    const ledger = this.#practiceLedger()
    ledger.setBlindSigning(blindSigning)
    ledger.setLocked(locked)
  }

  /**
   * Has the keys of this machine bound: at once where the device asks nobody, else by a consent that waits for the person.
   * Asked for again it changes nothing.
   */
  async authorize(session: Session, signal: AbortSignal): Promise<'given' | 'asked'> {
    if (this.#slot.device.asksPerson) {
      this.consents.raise({ kind: 'authorize' })
      return 'asked'
    }
    await this.consents.giveSilently(session, { kind: 'authorize' }, signal)
    return 'given'
  }

  /** Puts a confirmed change of payout into effect whose time has come; anyone may send that. */
  finishPayout(): Promise<void> {
    return this.#payout.finish()
  }

  async stop(): Promise<void> {
    this.consents.stop()
    this.#payout.stop()
    await this.#slot.close()
  }

  #choice(): DeviceChoice {
    return this.#record.choice ?? (this.#own === null ? { kind: 'usb' } : { kind: 'practiceKey' })
  }

  /** The practice devices have the home's own account; any other names it when it is first looked at. */
  #account(): string | null {
    const { kind } = this.#choice()
    return kind === 'practiceKey' || kind === 'practiceLedger' ? this.#own : this.#record.account
  }

  /** True when another operator came of it. */
  async #take(choice: DeviceChoice): Promise<boolean> {
    this.consents.assertFree()
    await this.#slot.replace(choice)
    this.consents.forgetReview()
    await this.#change((record) => ({ ...record, choice, account: null }))
    return this.#look()
  }

  /** True when the device named another operator. */
  async #look(): Promise<boolean> {
    const { device } = this.#slot
    this.#otherAccount = null
    try {
      return await this.#adopt(await device.getAddress(operatorPath))
    } catch (error) {
      if (error instanceof DeviceError) return false
      throw error
    } finally {
      this.#parts.onChange()
    }
  }

  #practiceLedger() {
    const { practiceLedger } = this.#slot
    if (practiceLedger !== null) return practiceLedger
    throw new HearthError('NO_PRACTICE_LEDGER', 'The practice Ledger is not in use.', { action: 'Choose it first.' })
  }

  async #requireSession(): Promise<Session> {
    if (this.#account() === null) await this.check()
    const session = this.#parts.session()
    const account = this.#account()
    if (session !== null && account !== null && sameAddress(session.operator, account)) return session
    throw new HearthError('NO_OPERATOR', 'The device has not named its account yet. Nothing was signed.', {
      action: 'Connect it, unlock it, open its Ethereum app, and look at it again on the wallet page.',
    })
  }

  /** The account that a device named is whom this computer works for from then on. True when that is another one. */
  async #adopt(account: string): Promise<boolean> {
    const named = this.#record.account
    if (named !== null && !sameAddress(named, account)) {
      this.#otherAccount = { kind: 'otherAccount', expected: named, found: account }
      return false
    }
    const operator = this.operator()
    if (operator !== null && sameAddress(operator, account)) {
      if (named === null) await this.#change((record) => ({ ...record, account, operator: account }))
      return false
    }
    if (operator !== null) await this.#assertNoWork(operator, account)
    await this.#change((record) => ({ ...record, account, operator: account }))
    this.#tell('info', 'operatorChanged', { operator: account }, null)
    return true
  }

  /** Keys are bound once in their life: a new operator gets new ones, and what the old ones keep for customers would go unproven. */
  async #assertNoWork(operator: string, account: string): Promise<void> {
    const { home, connection } = this.#parts
    const keys = await home.keys.ensureRoleKeys(await ownerOf(home, operator))
    const sets = await listDataSets(connection.chain, { node: keys.storage.address })
    if (sets.every(({ ended }) => ended)) return
    this.#otherAccount = { kind: 'otherAccount', expected: operator, found: account }
    throw new OperatorHasWorkError('OPERATOR_HAS_WORK', `This computer keeps pieces for customers of ${operator}.`, {
      action: 'Leave storage first, or choose the device of that account again: a new account begins with new keys.',
      details: { operator, account },
    })
  }

  /** What the device confirmed, also beside this process, once the chain has put a confirmed change into effect. */
  async #confirm(operator: string, payout: Payout): Promise<ConfirmedPayout> {
    const { payouts } = await this.#store.read()
    this.#record = { ...this.#record, payouts }
    const before = confirmedPayoutOf(this.#record, operator)
    const now = confirmedNow(before, payout)
    if (now !== before) await this.#change((record) => withConfirmedPayout(record, operator, now))
    return now
  }

  async #landed(sentence: SignedSentence, landed: LandedConsent): Promise<void> {
    const { request, operator } = sentence
    const { transactionHash, feeWei } = landed
    const { gas } = this.#parts.connection
    if (feeWei > 0n) gas.add({ transactionHash, atMs: Date.now(), purpose: request.kind, spentWei: feeWei })
    await this.#change((record) =>
      withConfirmedPayout(record, operator, confirmedAfter(confirmedPayoutOf(record, operator), sentence)),
    )
    this.#parts.log.info('A sentence of the operator has landed.', { operator, text: sentence.text, transactionHash })
    const { code, values } = activityOfConsent(sentence)
    this.#tell('good', code, values, transactionHash)
    this.#payout.poke()
    this.#parts.onLanded()
  }

  async #change(change: (record: WalletRecord) => WalletRecord): Promise<void> {
    this.#record = await this.#store.update(change)
    this.#parts.onChange()
  }

  #tell(level: Activity['level'], code: string, values: Activity['values'], transactionHash: string | null): void {
    this.#parts.onActivity({ atMs: Date.now(), role: null, level, code, values, transactionHash })
  }
}
