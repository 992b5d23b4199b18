/** Replaces Node's process in browsers, where paths start at the root. */
export const process = { cwd: (): string => "/" };
