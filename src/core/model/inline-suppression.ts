/**
 * Returns whether the name of a tag or annotation makes it a suppression. A name takes one value, so the names of
 * further suppressions continue after a hyphen or a dot. AWS accepts such names for tags, Kubernetes for annotations.
 */
export const isIgnore = (name: string): boolean => /^keywarden\.dev\/ignore([-.].*)?$/.test(name);

/** Returns whether a text can contain a suppression in a comment. */
export const mayContainSuppression = (text: string): boolean => text.includes("keywarden:ignore");
