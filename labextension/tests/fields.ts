/** Which fields does a shape have?  The compiler refuses one that is missing and one too many. */
export function fields<T>(all: Record<keyof Required<T>, true>): string[] {
  return Object.keys(all).sort();
}

export const yes = true as const;
