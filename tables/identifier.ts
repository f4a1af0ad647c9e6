// Names and literals inside SQL text. Only names of declarations and paths of files come here: values are bound.

/** An SQL identifier for any name: quoted, with quotes doubled. */
export function quotedIdentifier (name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** An SQL string literal, for the few places that take no parameter. */
export function quotedText (text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
