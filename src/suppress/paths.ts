import { posix } from "node:path";

/** A path as it is written in a file: from that file's folder on. Paths that are no files (`-`) stay as they are. */
export function fromFolderOf(file: string, path: string): string {
  const slashes = (text: string) => text.replaceAll("\\", "/");
  return posix.relative(posix.dirname(slashes(file)), slashes(path)) || ".";
}

/**
 * Whether a glob matches a path, or a folder that leads to it: `*` and `?` stop at slashes, `**` does not. One without a
 * slash matches in every folder.
 */
export function globMatches(glob: string, path: string): boolean {
  const bare = glob.replace(/^\.\//, "").replace(/\/$/, "");
  const whole = bare.includes("/") ? bare.replace(/^\//, "") : `**/${bare}`;
  const pattern = whole
    .split("/")
    .map((part, i, all) => {
      const last = i === all.length - 1;
      if (part === "**") return last ? ".*" : "(?:.*/)?";
      return segment(part) + (last ? "" : "/");
    })
    .join("");
  return new RegExp(`^${pattern}(?:/.*)?$`, "s").test(path);
}

const segment = (part: string): string =>
  part
    .replace(/\*+/g, "*")
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
