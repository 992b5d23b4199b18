/** Checks each law on a few inputs. `make laws COUNT=200000` checks as many as you like. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { laws } from "./all.ts";

/** Inputs that take a few seconds. */
const counts: { readonly [law: string]: number } = {
  restriction: 500,
  holes: 200,
  folders: 40,
  isolation: 60,
  outputs: 100,
};

// The growth law measures processes. test/growth.test.ts counts work instead.
for (const law of laws.filter(({ name }) => name in counts))
  test(`${law.name}: no input breaks the law`, () => {
    const broken = [...law.run(counts[law.name] as number, 1)].flatMap((progress) => progress.broken);
    const [first] = broken;
    assert.equal(
      broken.length,
      0,
      first &&
        `${broken.length} inputs, for example (LAW=${law.name} SEED=${first.seed} COUNT=${first.count}):\n${first.what}\n${first.input}\n${first.detail}`,
    );
  });
