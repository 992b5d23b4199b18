/**
 * Whether a tag or an annotation is a suppression. A name takes one value, so that a further suppression has a name that
 * goes on after a hyphen or a dot. AWS takes the name for tags and Kubernetes for annotations.
 */
export const isSuppressionName = (name: string): boolean => /^keywarden\.dev\/ignore([-.].*)?$/.test(name);
