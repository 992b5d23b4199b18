const own =
  "extends, preset, levels, settings, account, accounts, region, regions, ignore, overrides, suppressions, baseline";

/** Each message names the file, the line, the key, what is allowed, and what was probably meant. */
export const broken: [text: string, first: string, ...others: string[]][] = [
  [
    "preset: strikt\n",
    '1: preset is "strikt": allowed is cheat-sheet, recommended or strict. Did you mean strict?',
  ],
  [
    "levels:\n  alias_mising: off\n",
    "2: levels: there is no rule alias_mising. Did you mean alias_missing? keywarden rules lists them.",
  ],
  [
    "levels:\n  alias_missing: warn\n",
    '2: levels.alias_missing is "warn": allowed is error, warning, note or off. Did you mean warning? A key without an alias; note by default.',
  ],
  ["levels: strict\n", '1: levels is "strict": allowed is a mapping.'],
  [
    "\nlevel:\n  alias_missing: off\n",
    `2: There is no key level. Did you mean levels? There are: ${own}; and the names of the command's flags.`,
  ],
  ["failOnWarn: true\n", "1: There is no key failOnWarn. Did you mean fail-on-warn?"],
  [
    "fail-on-warn: 1\n",
    "1: fail-on-warn is 1: allowed is true or false. Exit with 1 where there are warnings",
  ],
  [
    "preset: strict\nalias_missing: off\n",
    "2: There is no key alias_missing. Write it below levels (how much it counts) or settings (what it allows).",
  ],
  ["trust: {accounts: []}\n", "1: There is no key trust. Write it below settings."],
  [
    "settings:\n  short_deletion_windw:\n    minimum: 9\n",
    "2: There is no rule short_deletion_windw. Did you mean short_deletion_window?",
  ],
  [
    "settings:\n  short_deletion_window:\n    minimum: 3\n    max: 9\n",
    "3: settings.short_deletion_window.minimum is 3: allowed is an integer from 7 to 30.",
    "4: short_deletion_window has no setting max. Did you mean minimum?",
  ],
  [
    "settings:\n  alias_not_memorable:\n    pattern: '(?!x)'\n",
    '3: settings.alias_not_memorable.pattern is "(?!x)": allowed is a regular expression or null.',
  ],
  [
    "account: 111122223333\n",
    '1: account is 111122223333: allowed is twelve digits in quotes. Put it in quotes, twelve digits: "111122223333".',
  ],
  [
    'accounts:\n  "!prod/**": "111122223333"\n',
    "2: accounts: !prod/** begins with !. A glob says what it matches",
  ],
  ["region: Frankfurt\n", '1: region is "Frankfurt": allowed is a Region such as eu-central-1.'],
  [
    "ignore: '**/*.yaml'\n",
    '1: ignore is "**/*.yaml": allowed is a regular expression or a list of globs. If it is a glob, write a list: ignore: ["**/*.yaml"].',
  ],
  ["ignore: '(?=kms)'\n", '1: ignore is "(?=kms)": allowed is a regular expression or a list of globs.'],
  ["ignore:\n  - examples\n  - '!keep'\n", '3: ignore[1] is "!keep": allowed is a glob without !.'],
  [
    "overrides:\n  - files: legacy\n    level: {alias_missing: off}\n",
    "2: overrides[0] has no levels. Write levels: RULE: error, warning, note or off.",
    "3: overrides[0] has no level. Did you mean levels? It has: files, resources, levels.",
  ],
  ["baseline: [a, b]\n", '1: baseline is ["a","b"]: allowed is a string. The path of the baseline'],
  ["- levels\n", '1: The configuration is ["levels"]: allowed is a mapping.'],
  ["levels: {}\n---\npreset: strict\n", "3: A second document begins."],
  [
    "levels:\n  alias_missing: off\n alias_target: off\n",
    "3: The indentation does not match any line above.",
  ],
  ['{"levels": {},}\n', "1: There is a trailing comma before the closing }."],
  [
    "extends: strikt\n",
    '1: extends is "strikt": allowed is the path of a file, or cheat-sheet, recommended, strict. Did you mean strict?',
  ],
  [
    "extends:\n  - strict\n  - ./base.yaml\n",
    "3: extends ./base.yaml: The file or directory does not exist. Check the path, which is relative to the folder of this configuration.",
  ],
];
