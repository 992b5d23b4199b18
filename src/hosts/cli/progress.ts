import { columnsOf, type Io } from "../../session/host-io.ts";

/** A line that says what a long run is at. */
export interface Progress {
  say: (text: string) => void;
  end: () => void;
}

/** Short runs need none, and people do not read faster than this. */
const FIRST = 1000;
const EVERY = 100;

const none: Progress = { say: () => {}, end: () => {} };

/** On standard error, and on a terminal only: a log in CI keeps every line. */
export function progressOn(io: Io, now: () => number = () => performance.now()): Progress {
  if (io.stderrIsTerminal !== true || (io.env["CI"] ?? "") !== "" || io.env["TERM"] === "dumb") return none;
  const width = columnsOf(io, 80) - 1;
  let next = now() + FIRST;
  let shown = false;
  return {
    say(text) {
      if (now() < next) return;
      next = now() + EVERY;
      shown = true;
      io.stderr(`\r\u001B[K${text.replace(/[\u0000-\u001F\u007F-\u009F]/g, "?").slice(0, width)}`);
    },
    end() {
      if (shown) io.stderr("\r\u001B[K");
      shown = false;
    },
  };
}
