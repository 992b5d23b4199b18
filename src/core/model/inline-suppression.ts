/**
 * Returns whether the name of a tag or annotation marks a suppression. Names are unique, so a further suppression has
 * a suffix after a hyphen or dot. The name is valid for AWS tags and Kubernetes annotations.
 */
export const isSuppressionName = (name: string): boolean => /^keywarden\.dev\/ignore([-.].*)?$/.test(name);

/** Returns whether a text can contain a suppression in a comment. */
export const mayContainSuppression = (text: string): boolean => text.includes("keywarden:ignore");
