// Runs once around all tests.

/** Nothing is started ahead of time: what a test needs it starts itself. */
export default function setup (): void {}
