// Every SQL text that the code hands to `query`, read out of the source: constants are put in, whatever file they stand in.
import { existsSync, readFileSync } from "node:fs";
import ts from "typescript";

export interface Statement {
  readonly file: string;
  /** The function that sends it. */
  readonly by: string;
  readonly line: number;
  /** Null: put together while running, so its text cannot be told beforehand. */
  readonly text: string | null;
}

/** The statements of a source file, in order; more than one where a text depends on a condition. */
export function statementsIn(file: URL, name: string, source = readFileSync(file, "utf8")): Statement[] {
  const root = parse(file, source);
  const found: Statement[] = [];
  const visit = (node: ts.Node): void => {
    if (isQuery(node)) {
      const line = root.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      const [first] = node.arguments;
      const texts = (first && textsOf(first, file)) ?? [null];
      found.push(...texts.map((text) => ({ file: name, by: functionAround(node), line, text })));
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

function parse(file: URL, source: string): ts.SourceFile {
  return ts.createSourceFile(file.pathname, source, ts.ScriptTarget.Latest, true);
}

function isQuery(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "query";
}

function functionAround(node: ts.Node): string {
  for (let at: ts.Node | undefined = node; at; at = at.parent) {
    if (ts.isFunctionDeclaration(at) && at.name) return at.name.text;
  }
  return "";
}

/** All texts that an expression may stand for; null when that shows only while running. */
function textsOf(node: ts.Expression, file: URL): string[] | null {
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return [node.text];
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    return textsOf(node.expression, file);
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map((span) => joined(textsOf(span.expression, file), [span.literal.text]));
    return parts.reduce<string[] | null>(joined, [node.head.text]);
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return joined(textsOf(node.left, file), textsOf(node.right, file));
  }
  if (ts.isConditionalExpression(node)) {
    const [yes, no] = [textsOf(node.whenTrue, file), textsOf(node.whenFalse, file)];
    return yes && no && [...yes, ...no];
  }
  return ts.isIdentifier(node) ? textsOfName(node, file) : null;
}

function joined(starts: string[] | null, ends: string[] | null): string[] | null {
  return starts && ends && starts.flatMap((start) => ends.map((end) => start + end));
}

/** A constant of the blocks around, of the file, or of a file that it is imported from. */
function textsOfName(name: ts.Identifier, file: URL): string[] | null {
  for (let scope: ts.Node | undefined = name.parent; scope; scope = scope.parent) {
    if (ts.isFunctionLike(scope) && scope.parameters.some((parameter) => parameter.name.getText() === name.text)) return null;
    const initializer = ts.isBlock(scope) || ts.isSourceFile(scope) ? constantIn(scope, name.text) : undefined;
    if (initializer) return textsOf(initializer, file);
  }
  return textsOfImport(name.getSourceFile(), name.text, file);
}

function constantIn(scope: ts.Block | ts.SourceFile, name: string): ts.Expression | undefined {
  const lists = scope.statements.filter(ts.isVariableStatement).map((statement) => statement.declarationList);
  const constants = lists.filter((list) => (list.flags & ts.NodeFlags.Const) !== 0).flatMap((list) => [...list.declarations]);
  return constants.find((declared) => declared.name.getText() === name)?.initializer;
}

function textsOfImport(root: ts.SourceFile, name: string, file: URL): string[] | null {
  for (const statement of root.statements.filter(ts.isImportDeclaration)) {
    const bindings = statement.importClause?.namedBindings;
    const element = bindings && ts.isNamedImports(bindings) ? bindings.elements.find((one) => one.name.text === name) : undefined;
    if (!element || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const from = new URL(statement.moduleSpecifier.text, file);
    if (!existsSync(from)) return null;
    const initializer = constantIn(parse(from, readFileSync(from, "utf8")), (element.propertyName ?? element.name).text);
    return initializer ? textsOf(initializer, from) : null;
  }
  return null;
}
