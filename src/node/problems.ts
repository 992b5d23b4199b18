import type { Problem } from "../core/model/source.ts";
import { ReadError } from "./bytes.ts";

const ioMessages: { [code: string]: [message: string, remedy: string] | undefined } = {
  ENOENT: [
    "The file or directory does not exist.",
    "Check the path, which is relative to the working directory.",
  ],
  ENOTDIR: ["A part of the path is a file, not a directory.", "Check the path."],
  EACCES: ["The file or directory is not readable.", "Give the user that runs Keywarden read permission."],
  EPERM: ["The file or directory is not readable.", "Give the user that runs Keywarden read permission."],
  ELOOP: ["The path contains a loop of symbolic links.", "Remove the link, or point it to the file."],
  ENAMETOOLONG: ["The path is too long.", "Use a shorter path."],
  ENXIO: ["The path is a socket, not a file.", "Name a file."],
  EMFILE: ["Too many files are open.", "Increase the limit of open files (ulimit -n)."],
};

/** Converts an error of the operating system to a problem. */
export function ioProblem(path: string, error: unknown): Problem {
  if (error instanceof ReadError) return { file: path, message: error.message, remedy: error.remedy };
  const { code, message: reason } = error as NodeJS.ErrnoException;
  const [message, remedy] = ioMessages[code ?? ""] ?? [
    `The file cannot be read: ${code ?? reason}.`,
    "Check that it is a readable file.",
  ];
  return { file: path, message, remedy };
}

export function tooLargeProblem(path: string, maxBytes: number): Problem {
  const size = maxBytes >= 1024 * 1024 ? `${Math.floor(maxBytes / 1024 / 1024)} MB` : `${maxBytes} bytes`;
  return {
    file: path,
    message: `The file is larger than ${size}.`,
    remedy: "Split the file, or check that it is the intended file.",
  };
}
