// Waiting for a condition of this process.

const LOOK_EVERY_MS = 5

/** Resolves once the condition holds. */
export async function until (condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS))
}
