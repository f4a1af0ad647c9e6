// The map as the page draws it; what vite.config.ts makes by shapes.ts.
export interface Shapes {
  width: number
  height: number
  /** x = x0 + k · longitude, y = y0 − k · ln(tan(π/4 + latitude/2)), both in radians. */
  projection: { k: number, x0: number, y0: number }
  neighbours: { code: string, path: string }[]
  provinces: { code: string, path: string }[]
  /** The lines between provinces, each once. */
  lines: string
}
