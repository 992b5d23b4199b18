import type { UnseenPart } from "../core/model/source.ts";

/** Returns what was not checked and how to have it checked, for formats that show one message. */
export const unseenMessage = ({ message, remedy }: UnseenPart): string => `Not checked: ${message} ${remedy}`;

/** Returns the kind and the name of a part: `nested stack Keys`. */
export const unseenName = ({ kind, subject }: UnseenPart): string => `${kind.replace("-", " ")} ${subject}`;

/** Returns the position of a part, whose line is not always known. */
export const unseenPosition = ({ file, line, column }: UnseenPart): string =>
  [file, line, column].filter((part) => part !== undefined).join(":");
