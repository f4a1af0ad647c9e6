// What a TypeScript file imports and how long its functions are, read from its syntax tree.
import { posix } from 'node:path'
import ts from 'typescript'
import type { ProjectFile } from './files.ts'

export interface FileImport {
  /** Path from the package root; null for a package or a module of Node. */
  path: string | null
  /** True if only types are imported. */
  typesOnly: boolean
  line: number
}

export interface FileFunction {
  name: string
  line: number
  /** Its lines without those of the named functions declared inside it: a factory is not as long as what it makes. */
  ownLines: number
}

export interface Syntax { imports: FileImport[], functions: FileFunction[] }

const known = new Map<string, Syntax>()

/** Imports of all kinds, and every function with a body. A file is parsed once. */
export function readSyntax (file: ProjectFile): Syntax {
  const syntax = known.get(file.path) ?? parse(file)
  known.set(file.path, syntax)
  return syntax
}

function parse (file: ProjectFile): Syntax {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true)
  const imports: FileImport[] = []
  const functions: FileFunction[] = []
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1

  function visit (node: ts.Node): void {
    const specifier = specifierOf(node)
    if (specifier !== undefined) {
      imports.push({
        path: specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : null,
        typesOnly: importsTypesOnly(node),
        line: lineOf(node.getStart())
      })
    }
    if (isFunction(node)) {
      functions.push({ name: nameOf(node), line: lineOf(node.getStart()), ownLines: ownLines(node) })
    }
    ts.forEachChild(node, visit)
  }

  const linesOf = (node: ts.Node): number => lineOf(node.getEnd()) - lineOf(node.getStart()) + 1

  function ownLines (node: ts.Node): number {
    let inner = 0
    const subtract = (child: ts.Node): void => {
      if (isFunction(child)) inner += linesOf(child)
      else ts.forEachChild(child, subtract)
    }
    ts.forEachChild(node, subtract)
    return linesOf(node) - inner
  }

  visit(source)
  return { imports, functions }
}

function specifierOf (node: ts.Node): string | undefined {
  const specifier = ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
    ? node.moduleSpecifier
    : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined
  return specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : undefined
}

function importsTypesOnly (node: ts.Node): boolean {
  if (ts.isExportDeclaration(node)) {
    return node.isTypeOnly || (node.exportClause !== undefined && ts.isNamedExports(node.exportClause) &&
      node.exportClause.elements.every(element => element.isTypeOnly))
  }
  if (!ts.isImportDeclaration(node)) return false
  const clause = node.importClause
  if (clause === undefined) return false
  if (clause.isTypeOnly) return true
  return clause.name === undefined && clause.namedBindings !== undefined && ts.isNamedImports(clause.namedBindings) &&
    clause.namedBindings.elements.every(element => element.isTypeOnly)
}

/** Declared functions and methods with a body; callbacks count to the function they stand in. */
function isFunction (node: ts.Node): node is ts.FunctionDeclaration | ts.MethodDeclaration | ts.ConstructorDeclaration {
  return (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node)) &&
    node.body !== undefined
}

function nameOf (node: ts.FunctionDeclaration | ts.MethodDeclaration | ts.ConstructorDeclaration): string {
  return node.name === undefined ? '(unnamed)' : node.name.getText()
}
