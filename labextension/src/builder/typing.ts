/** When is what is typed sent to the kernel? */

/** Milliseconds after the last key. */
export const TYPED_AFTER_MS = 250;
