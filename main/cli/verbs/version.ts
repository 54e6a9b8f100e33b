import packageFile from '../../../package.json' with { type: 'json' }

/** Version of this build, from package.json, fixed when it is bundled. */
export const hearthVersion: string = packageFile.version
