import { posix } from 'node:path'
import { isBuiltin } from 'node:module'
import { guardedModules, importTable, type Row } from './import-table.ts'

export type Import = {
  /** The importing file, from the top of the repository, with forward slashes. */
  readonly file: string
  readonly specifier: string
  readonly typesOnly: boolean
}

/** Tests and the scripts that make a generated file are tools of a folder, not part of what it ships. */
const toolName = /\.(test|spec)\.tsx?$|(^|\/)build-[^/]+\.(mjs|ts)$|\/testing\//

/** Whether `path` is `pattern` or lies below it; `*` stands for one folder name. */
export function matches(path: string, pattern: string): boolean {
  const parts = path.split('/')
  return pattern
    .split('/')
    .every((part, index) => part === parts[index] || (part === '*' && parts[index] !== undefined))
}

/** More literal folder names win over fewer, so that `roles/api` is found before `roles/*`. */
function specificity(row: Row): number {
  return row.folder.split('/').reduce((sum, part) => sum + (part === '*' ? 10 : 11), 0)
}

export function rowOf(file: string): Row | null {
  const rows = importTable.filter((row) => matches(file, row.folder))
  return rows.sort((a, b) => specificity(b) - specificity(a))[0] ?? null
}

function judgeModule(file: string, row: Row | null, specifier: string, typesOnly: boolean): string | null {
  if (typesOnly) return null
  const guarded = guardedModules.find((entry) => entry.module.test(specifier))
  if (guarded !== undefined && !guarded.only.some((place) => matches(file, place))) {
    return `Only ${guarded.only.join(', ')} may import ${guarded.name}; use ${guarded.instead}.`
  }
  if (row?.isomorphic === true && isBuiltin(specifier)) {
    return `${row.folder} runs without Node, so it may not import ${specifier}; have what it needs handed in.`
  }
  return null
}

/** The folder name directly below a row's folder, for rows whose children must not know each other. */
function childOf(row: Row, path: string): string | null {
  const rest = path.split('/').slice(row.folder.split('/').length)
  return rest.length > 1 ? (rest[0] ?? null) : null
}

function judgeFile(file: string, row: Row, target: string, typesOnly: boolean): string | null {
  if (matches(target, row.folder) && rowOf(target) === row) {
    const [from, to] = [childOf(row, file), childOf(row, target)]
    const strangers = row.separateChildren === true && from !== null && to !== null && from !== to
    return strangers ? `${row.folder}/${from} may not import ${row.folder}/${to}: they are separate on purpose.` : null
  }
  if (row.may.some((place) => matches(target, place))) return null
  if (typesOnly && row.types?.some((place) => matches(target, place))) return null
  // A role's own protocol folder has a row of its own, but stays part of the role.
  const role = /^roles\/[^/]+/.exec(file)?.[0]
  if (role !== undefined && !row.folder.endsWith('/protocol') && matches(target, `${role}/protocol`)) return null
  const allowed = [...row.may, ...(row.types ?? []).map((place) => `types of ${place}`)]
  return `${row.folder} may not import ${target}; it may import ${allowed.length > 0 ? allowed.join(', ') : 'nothing of ours'}.`
}

/**
 * Judges one import by the table: `null` when it is allowed, else a sentence that says what is allowed instead. Pure: it looks
 * at names only.
 */
export function judgeImport({ file, specifier, typesOnly }: Import): string | null {
  if (toolName.test(file)) return null
  const row = rowOf(file)
  const path = specifier.replace(/[?#].*$/, '')
  if (!path.startsWith('.')) return judgeModule(file, row, path, typesOnly)
  const target = posix.normalize(posix.join(posix.dirname(file), path))
  if (target.startsWith('../')) return `${specifier} leaves the repository.`
  return row === null || target === 'package.json' ? null : judgeFile(file, row, target, typesOnly)
}
