// The projected map, which vite.config.ts makes.
declare module 'virtual:map-shapes' {
  import type { Shapes } from '../map/types.ts'

  const shapes: Shapes
  export default shapes
}
