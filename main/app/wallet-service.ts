import { HearthError } from '../../roles/api/errors.ts'
import type { WalletService } from '../api/engine.ts'
import type { WalletDesk } from './wallet-desk.ts'

/** The wallet as the window sees it, whichever network's desk is open; rejects while there is none. */
export function createWalletService(desk: () => WalletDesk | null): WalletService {
  const open = async (): Promise<WalletDesk> => {
    const present = desk()
    if (present !== null) return present
    throw new HearthError('NO_NETWORK_YET', 'The network has not been reached yet.', {
      action: 'Try again in a moment.',
    })
  }
  return {
    choose: async (choice) => (await open()).choose(choice),
    check: async () => (await open()).check(),
    press: async ({ button }) => (await open()).press(button),
    setPractice: async (settings) => (await open()).setPractice(settings),
    prepare: async (request) => (await open()).consents.prepare(request, 'sentence'),
    prepareTransaction: async (request) => (await open()).consents.prepare(request, 'transaction'),
    sign: async (signing) => (await open()).consents.sign(signing),
    cancel: async (which) => (await open()).consents.cancel(which),
    finishPayout: async () => (await open()).finishPayout(),
  }
}
