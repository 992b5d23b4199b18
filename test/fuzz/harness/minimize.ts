/**
 * Returns a smaller input for which a property still holds: delta debugging on lines, then on bytes. `attempts` limits
 * the number of trials.
 */
export async function minimizeBytes(
  input: Uint8Array,
  holds: (candidate: Uint8Array) => Promise<boolean>,
  attempts: number,
): Promise<Uint8Array> {
  let smallest = input;
  let left = attempts;
  const accept = async (candidate: Uint8Array): Promise<boolean> => {
    if (left-- <= 0 || candidate.length >= smallest.length || !(await holds(candidate))) return false;
    smallest = candidate;
    return true;
  };
  for (const unit of [lines, single]) {
    for (
      let size = Math.ceil(unit(smallest).length / 2);
      size >= 1 && left > 0;
      size = Math.floor(size / 2)
    ) {
      for (let at = 0; left > 0; ) {
        const parts = unit(smallest);
        if (at >= parts.length) break;
        const shorter = Buffer.concat([...parts.slice(0, at), ...parts.slice(at + size)]);
        if (!(await accept(shorter))) at += size;
      }
    }
  }
  return smallest;
}

/** Splits after line breaks. */
function lines(bytes: Uint8Array): Uint8Array[] {
  const result: Uint8Array[] = [];
  let start = 0;
  for (let end = 0; end <= bytes.length; end++)
    if (end === bytes.length || bytes[end - 1] === 10) {
      if (end > start) result.push(bytes.subarray(start, end));
      start = end;
    }
  return result;
}

const single = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
