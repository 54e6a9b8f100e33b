/** Files that Vite turns into modules: a style sheet has no value, a picture or font is its address. */
declare module '*.css'
declare module '@fontsource-variable/*'
declare module '*.svg' {
  const address: string
  export default address
}
declare module '*.png' {
  const address: string
  export default address
}
interface ImportMetaEnv {
  readonly DEV: boolean
  readonly PROD: boolean
  readonly MODE: string
}
interface ImportMeta {
  readonly env: ImportMetaEnv
}
