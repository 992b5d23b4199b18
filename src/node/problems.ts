import type { Problem } from "../core/model/source.ts";

const advice: { [code: string]: [message: string, remedy: string] | undefined } = {
  ENOENT: [
    "There is no such file or directory.",
    "Check the path; it is taken relative to the working directory.",
  ],
  ENOTDIR: ["A part of the path is a file, not a directory.", "Check the path."],
  EACCES: ["The permission to read it is missing.", "Give the user who runs the check read permission."],
  EPERM: ["The permission to read it is missing.", "Give the user who runs the check read permission."],
  ELOOP: ["The symbolic links lead in a circle.", "Remove the link, or let it lead to the file."],
  ENAMETOOLONG: ["The path is too long.", "Use a shorter path."],
  EMFILE: ["Too many files are open.", "Raise the limit of open files (ulimit -n)."],
};

/** What the operating system said, as a problem. */
export function ioProblem(path: string, error: unknown): Problem {
  const { code, message: said } = error as NodeJS.ErrnoException;
  const [message, remedy] = advice[code ?? ""] ?? [
    `It cannot be read: ${code ?? said}.`,
    "Check that it is a readable file.",
  ];
  return { file: path, message, remedy };
}

export function tooLarge(path: string, maxBytes: number): Problem {
  const size = maxBytes >= 1024 * 1024 ? `${Math.floor(maxBytes / 1024 / 1024)} MB` : `${maxBytes} bytes`;
  return {
    file: path,
    message: `The file is larger than ${size}.`,
    remedy: "Split it, or check whether it is the file that you mean.",
  };
}
