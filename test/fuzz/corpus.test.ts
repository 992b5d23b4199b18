/** Replays the inputs that failed once, and tries each target on a few inputs. `make fuzz` tries as many as you like. */
import { test } from "node:test";
import { Random } from "../laws/random.ts";
import { targetNamed, targetNames } from "./all.ts";
import { readCorpus } from "./harness/corpus.ts";
import { mutate } from "./harness/mutate.ts";

/** Inputs that take a second or two. */
const TRIES = 8;

for (const name of targetNames) {
  const target = targetNamed(name);
  const corpus = readCorpus(name);
  for (const { path, input, what, open } of corpus)
    test(`${name}: ${path.slice(path.lastIndexOf("/") + 1)} no longer ${what}`, { todo: open }, async () => {
      await target.check(input, true);
    });
  const todo = corpus.some(({ open }) => open);
  test(`${name}: generated inputs and their mutations pass`, { todo }, async () => {
    const random = new Random(1);
    const seeds = target.seeds();
    for (let i = 0; i < TRIES; i++) {
      const input = i % 2 === 0 ? target.generate(random) : random.pick(seeds);
      await target.check(mutate(input, random, { seeds, dictionary: target.dictionary }), false);
    }
  });
}
