// SQL text without what is no SQL: comments and quoted text.

/** The statement with comments and quoted text taken out, trimmed. */
export function bareSql (text: string): string {
  return text.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, part =>
    part.startsWith('\'') || part.startsWith('"') ? '\'\'' : ' ').trim()
}
