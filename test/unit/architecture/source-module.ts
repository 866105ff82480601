import { parseSync } from 'vite'

/** What the architecture test needs to know about one source file. */
export interface SourceModule {
  /** Path below `src`, with forward slashes: `store/open-database.ts`. */
  readonly path: string
  readonly imports: readonly Import[]
  /** Every identifier that occurs, in whatever role. */
  readonly identifiers: ReadonlySet<string>
  readonly lines: number
}

export interface Import {
  /** As written: `./types.js`, `idb`, or the address in `new URL('./main.ts', import.meta.url)`. */
  readonly specifier: string
  /** Erased by the compiler; costs nothing at run time but couples all the same. */
  readonly typeOnly: boolean
}

interface Node {
  readonly type: string
  readonly [property: string]: unknown
}

/**
 * Parses TypeScript source and collects its imports: static, dynamic, re-exports, types, and URLs of workers and
 * assets. An import of a computed address is not one of our modules and is left out.
 *
 * @throws {Error} on a syntax error.
 */
export function readModule(path: string, source: string): SourceModule {
  const { program, errors } = parseSync(path, source)
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`)
  const imports: Import[] = []
  const identifiers = new Set<string>()
  visit(program, (node) => {
    if (node.type === 'Identifier') identifiers.add(node.name as string)
    const found = importOf(node)
    const specifier = literal(found?.source)
    if (found !== null && specifier !== null) imports.push({ specifier, typeOnly: found.typeOnly })
  })
  return { path, imports, identifiers, lines: source.split('\n').length - 1 }
}

function importOf(node: Node): { source: unknown; typeOnly: boolean } | null {
  switch (node.type) {
    case 'ImportDeclaration':
      return { source: node.source, typeOnly: node.importKind === 'type' }
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return { source: node.source, typeOnly: node.exportKind === 'type' }
    case 'TSImportType':
      return { source: node.source, typeOnly: true }
    case 'ImportExpression':
      return { source: node.source, typeOnly: false }
    case 'NewExpression':
      return isModuleUrl(node) ? { source: (node.arguments as Node[])[0], typeOnly: false } : null
    default:
      return null
  }
}

/** `new URL('./x', import.meta.url)`, by which bundlers know workers and assets. */
function isModuleUrl(node: Node): boolean {
  const [address, base] = node.arguments as Node[]
  const isUrl = (node.callee as Node).name === 'URL' && literal(address) !== null
  return isUrl && (base?.object as Node | undefined)?.type === 'MetaProperty'
}

function literal(node: unknown): string | null {
  const { type, value } = (node ?? {}) as { type?: string; value?: unknown }
  return type === 'Literal' && typeof value === 'string' ? value : null
}

function visit(value: unknown, enter: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const element of value) visit(element, enter)
  } else if (typeof value === 'object' && value !== null) {
    if ('type' in value && typeof value.type === 'string') enter(value as Node)
    for (const property of Object.values(value)) visit(property, enter)
  }
}
