/** As much of Node's process as paths need, where there is none: they start at the root. */
export const process = { cwd: (): string => "/" };
