import { HearthError } from '../../roles/api/errors.ts'
import { sameAddress } from '../../roles/api/values.ts'

/** Everyone has the key of this account, so it cannot hold anything (PROTOCOL 9.2). */
export class DevelopmentAccountError extends HearthError {
  constructor(account: string) {
    super(
      'DEVELOPMENT_ACCOUNT',
      `The key of the account ${account} is public: it belongs to a well-known test phrase.`,
      {
        action: 'Use a device that was set up with a phrase of its own.',
        details: { account },
      },
    )
  }
}

/** First accounts of phrases that documents and tools print: of the emulator, of test chains, of the BIP-39 examples. */
export const developmentAccounts: readonly string[] = [
  '0xDad77910DbDFdE764fC21FCD4E74D71bBACA6D8D',
  '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  '0x90F8bf6A479f320ead074411a4B0e7944Ea8c9C1',
  '0x627306090abaB3A6e1400e9345bC60c78a8BEf57',
  '0x9858EfFD232B4033E47d90003D41EC34EcaEda94',
  '0xF278cF59F82eDcf871d630F28EcC8056f25C1cdb',
  '0x58A57ed9d8d624cBD12e2C467D34787555bB1b25',
  '0xfc2077CA7F403cBECA41B1B0F62D91B5EA631B5E',
  '0x73d0385F4d8E00C5e6504C6030F47BF6212736A8',
]

/** Throws DevelopmentAccountError for an account whose key everyone has. */
export function refuseDevelopmentAccount(account: string): void {
  if (developmentAccounts.some((known) => sameAddress(known, account))) throw new DevelopmentAccountError(account)
}
