// What is written down of who did what: the contract between the routes and the audit log, which main.ts hands in.

export interface AuditEntry {
  /** Who: the holder of a token or session, `local:<user>` for the command line, `system` for the program. */
  person: string
  role: string
  /** What, as noun.verb: `session.create`, `table.read`, `quarantine.replay`. */
  action: string
  /** On what: a table, an id, a folder. */
  target: string
  /** More of it. Never a value of a personal field, never a token. */
  detail?: Record<string, string | number | boolean>
}

export interface AuditTrail {
  /** Writes an entry; resolves when it is on disk. Rejects with AUDIT_FAILED: then it must not be done. */
  append (entry: AuditEntry): Promise<void>
}
