import { relative, sep } from 'node:path'
import { judgeImport } from './judge-import.ts'

/** The parts of a syntax tree (ESTree) that name a module. */
type Source = { readonly type: string; readonly value?: unknown }
type Specifier = { readonly importKind?: string; readonly exportKind?: string }
type ModuleNode = {
  readonly source?: Source | null
  readonly importKind?: string
  readonly exportKind?: string
  readonly specifiers?: readonly Specifier[]
}
type Context = {
  readonly filename: string
  readonly cwd: string
  report(finding: { node: unknown; message: string }): void
}

function isTypesOnly(node: ModuleNode): boolean {
  if (node.importKind === 'type' || node.exportKind === 'type') return true
  const specifiers = node.specifiers ?? []
  return specifiers.length > 0 && specifiers.every((one) => one.importKind === 'type' || one.exportKind === 'type')
}

const importTable = {
  meta: { type: 'problem', docs: { description: 'Holds the table of who may import whom.' } },
  create(context: Context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/')
    const check = (node: ModuleNode, typesOnly: boolean) => {
      if (typeof node.source?.value !== 'string') return
      const message = judgeImport({ file, specifier: node.source.value, typesOnly })
      if (message !== null) context.report({ node: node.source, message })
    }
    return {
      ImportDeclaration: (node: ModuleNode) => check(node, isTypesOnly(node)),
      ExportNamedDeclaration: (node: ModuleNode) => check(node, isTypesOnly(node)),
      ExportAllDeclaration: (node: ModuleNode) => check(node, isTypesOnly(node)),
      ImportExpression: (node: ModuleNode) => check(node, false),
      TSImportType: (node: ModuleNode) => check(node, true),
    }
  },
}

/** Rules of this project's own, loaded by oxlint. */
export default { meta: { name: 'hearth' }, rules: { 'import-table': importTable } }
