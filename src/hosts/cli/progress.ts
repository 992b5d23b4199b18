import { clearStatus, encodeStatus } from "../../reporters/encode.ts";
import { columnsOf, type Io } from "../../session/host-io.ts";

/** A status line for long runs. */
export interface StatusLine {
  show: (text: string) => void;
  end: () => void;
}

/** Milliseconds before the first status: short runs need none. */
const DELAY = 1000;
/** Milliseconds between updates. */
const INTERVAL = 100;

const none: StatusLine = { show: () => {}, end: () => {} };

/** Returns a status line on standard error if that is a terminal: a CI log would keep every line. */
export function statusLineOn(io: Io, now: () => number = () => performance.now()): StatusLine {
  if (io.stderrIsTerminal !== true || (io.env["CI"] ?? "") !== "" || io.env["TERM"] === "dumb") return none;
  const width = columnsOf(io, 80) - 1;
  let next = now() + DELAY;
  let isVisible = false;
  return {
    show(text) {
      if (now() < next) return;
      next = now() + INTERVAL;
      isVisible = true;
      io.stderr(encodeStatus(text, width));
    },
    end() {
      if (isVisible) io.stderr(clearStatus);
      isVisible = false;
    },
  };
}
