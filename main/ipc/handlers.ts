import type { RequestHandlers, linkNames } from '../api/channels.ts'
import type { EngineService } from '../api/engine.ts'
import type { EngineSlot } from './engine-slot.ts'

export type HandlerNeeds = {
  readonly slot: EngineSlot
  /** Opens one of our own links in the person's browser. */
  readonly openLink: (name: (typeof linkNames)[number]) => Promise<void>
}

/** Answers every request channel from the engine; the return type is the proof that none is missing. */
export function createHandlers({ slot, openLink }: HandlerNeeds): RequestHandlers {
  const order = async (give: (engine: EngineService) => Promise<void>): Promise<undefined> => {
    await give(await slot.engine())
    return undefined
  }
  return {
    'snapshot:get': async () => slot.snapshot(),
    'roles:switchOn': ({ consented: _consented, ...limits }) => order((engine) => engine.switchOn(limits)),
    'roles:switchOff': ({ role }) => order((engine) => engine.switchOff({ role })),
    'roles:setLimits': (limits) => order((engine) => engine.setLimits(limits)),
    'roles:leave': (change) => order((engine) => engine.leave(change)),
    'disks:change': (change) => order((engine) => engine.changeDisks(change)),
    'roles:retry': ({ role }) => order((engine) => engine.retry({ role })),
    'roles:pauseAll': ({ untilMs }) => order((engine) => engine.pauseAll({ untilMs })),
    'roles:resumeAll': () => order((engine) => engine.resumeAll()),
    'hardware:rescan': () => order((engine) => engine.rescanHardware()),
    'activity:list': async (page) => [...(await (await slot.engine()).activity(page))],
    'earnings:byDay': async ({ days }) => [...(await (await slot.engine()).earningsByDay({ days }))],
    'earnings:overview': async () => (await slot.engine()).books.overview(),
    'earnings:ledger': async (page) => (await slot.engine()).books.ledger(page),
    'earnings:setMinimum': (minimum) => order((engine) => engine.books.setMinimum(minimum)),
    'earnings:saveCsv': async (options) => (await slot.engine()).books.saveCsv(options),
    'rewards:verify': async (options) => (await slot.engine()).books.verifyReward(options),
    'wallet:choose': (choice) => order(({ wallet }) => wallet.choose(choice)),
    'wallet:check': () => order(({ wallet }) => wallet.check()),
    'wallet:press': (press) => order(({ wallet }) => wallet.press(press)),
    'wallet:setPractice': (settings) => order(({ wallet }) => wallet.setPractice(settings)),
    'consent:prepare': async (request) => (await slot.engine()).wallet.prepare(request),
    'consent:prepareTransaction': async (request) => (await slot.engine()).wallet.prepareTransaction(request),
    'consent:sign': async (signing) => (await slot.engine()).wallet.sign(signing),
    'consent:cancel': (which) => order(({ wallet }) => wallet.cancel(which)),
    'payout:finish': () => order(({ wallet }) => wallet.finishPayout()),
    'storage:pieces': async (page) => {
      const { total, rows } = await (await slot.engine()).pieces(page)
      return { total, rows: [...rows] }
    },
    'network:startPractice': async () => {
      await slot.startPractice()
      return undefined
    },
    'settings:setTheme': ({ theme }) => order((engine) => engine.setTheme(theme)),
    'links:open': async ({ name }) => {
      await openLink(name)
      return undefined
    },
  }
}
