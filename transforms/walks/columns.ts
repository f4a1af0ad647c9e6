// The facts that the walks read, as columns. One traveller's facts are a range of rows; rows are ordered as the selects
// beside this file order them.

/** Stands for an absent day in columns of days (DuckDB's `-infinity`). */
export const NO_DAY = -2147483647

/** Columns of every select: four words of the traveller key a row, as DuckDB stores a UUID. */
export interface KeyedColumns { count: number, key: Uint32Array }

/** Admitted crossings by traveller, occurred_at and event_id. Codes are numbers, sets ordinals of schemas/enums.ts. */
export interface CrossingColumns extends KeyedColumns {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  occurredAt: Float64Array
  /** Days since 1970-01-01 at UTC+7. */
  day: Int32Array
  checkpoint: Int16Array
  /** 0 arrival, 1 exit. */
  direction: Uint8Array
  travelMode: Uint8Array
  documentType: Uint8Array
  nationality: Int16Array
  sex: Uint8Array
  ageBand: Uint8Array
  residence: Int16Array
  visaClass: Int16Array
  permittedUntil: Int32Array
  purpose: Uint8Array
  province: Int16Array
}

/** Extensions by traveller, granted_at, permitted_until and extension_id. */
export interface ExtensionColumns extends KeyedColumns {
  /** The day on which it was granted. */
  day: Int32Array
  visaClass: Int16Array
  permittedUntil: Int32Array
}

/** Registrations by traveller, registered_at and registration_id. */
export interface RegistrationColumns extends KeyedColumns {
  registeredAt: Float64Array
  checkIn: Int32Array
  province: Int16Array
  accommodationType: Uint8Array
}

/** Rows [from, to) of columns. */
export interface Range { from: number, to: number }

/** One traveller's facts. */
export interface History {
  crossings: CrossingColumns
  ofCrossings: Range
  extensions: ExtensionColumns
  ofExtensions: Range
  registrations: RegistrationColumns
  ofRegistrations: Range
}
