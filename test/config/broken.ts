const keys =
  "extends, preset, levels, settings, account, accounts, region, regions, ignore, overrides, suppressions, baseline";

/** Each message names the file, the line, the key, what is allowed, and the probable intention. */
export const broken: [text: string, first: string, ...others: string[]][] = [
  [
    "preset: strikt\n",
    '1: preset is "strikt"; it must be cheat-sheet, recommended or strict. Did you mean strict?',
  ],
  [
    "levels:\n  alias_mising: off\n",
    '2: levels: there is no rule "alias_mising". Did you mean alias_missing? Run "keywarden rules" to list all rules.',
  ],
  [
    "levels:\n  alias_missing: warn\n",
    '2: levels.alias_missing is "warn"; it must be error, warning, note or off. Did you mean warning? ',
  ],
  ["levels: strict\n", '1: levels is "strict"; it must be a mapping.'],
  [
    "\nlevel:\n  alias_missing: off\n",
    `2: Unknown key "level". Did you mean levels? Allowed keys: ${keys}, and the names of command-line flags.`,
  ],
  ["failOnWarn: true\n", '1: Unknown key "failOnWarn". Did you mean fail-on-warn?'],
  [
    "fail-on-warn: 1\n",
    "1: fail-on-warn is 1; it must be true or false. Exit 1 on warnings, 2 on errors (default: false).",
  ],
  [
    "preset: strict\nalias_missing: off\n",
    '2: Unknown key "alias_missing". Move it to levels (the level of its findings) or settings (its parameters).',
  ],
  ["trust: {accounts: []}\n", '1: Unknown key "trust". Move it to settings.'],
  [
    "settings:\n  short_deletion_windw:\n    minimum: 9\n",
    '2: There is no rule "short_deletion_windw". Did you mean short_deletion_window?',
  ],
  [
    "settings:\n  short_deletion_window:\n    minimum: 3\n    max: 9\n",
    "3: settings.short_deletion_window.minimum is 3; it must be an integer from 7 to 30.",
    '4: short_deletion_window has no setting "max". Did you mean minimum? Its settings: minimum.',
  ],
  [
    "settings:\n  alias_not_memorable:\n    pattern: '(?!x)'\n",
    '3: settings.alias_not_memorable.pattern is "(?!x)"; it must be a regular expression or null.',
  ],
  [
    "account: 111122223333\n",
    '1: account is 111122223333; it must be twelve digits in quotes. Quote it and write all twelve digits: "111122223333".',
  ],
  [
    'accounts:\n  "!prod/**": "111122223333"\n',
    '2: accounts: the glob "!prod/**" starts with "!". Write a glob for the paths to match.',
  ],
  ["region: Frankfurt\n", '1: region is "Frankfurt"; it must be a Region such as eu-central-1.'],
  [
    "ignore: '**/*.yaml'\n",
    '1: ignore is "**/*.yaml"; it must be a regular expression (RE2) or a list of globs. For a glob, write a list: ignore: ["**/*.yaml"].',
  ],
  [
    "ignore: '(?=kms)'\n",
    '1: ignore is "(?=kms)"; it must be a regular expression (RE2) or a list of globs.',
  ],
  ["ignore:\n  - examples\n  - '!keep'\n", '3: ignore[1] is "!keep"; it must be a glob without !.'],
  [
    "overrides:\n  - files: legacy\n    level: {alias_missing: off}\n",
    '2: overrides[0]: the key "levels" is missing. Add levels, for example: levels: { RULE: warning }.',
    '3: overrides[0]: unknown key "level". Did you mean levels? Allowed keys: files, resources, levels.',
  ],
  ["baseline: [a, b]\n", '1: baseline is ["a","b"]; it must be a '],
  ["- levels\n", '1: The config is ["levels"]; it must be a mapping.'],
  ["levels: {}\n---\npreset: strict\n", "3: A second YAML document starts here."],
  [
    "levels:\n  alias_missing: off\n alias_target: off\n",
    "3: The indentation does not match any line above.",
  ],
  ['{"levels": {},}\n', "1: There is a trailing comma before the closing }."],
  [
    "extends: strikt\n",
    '1: extends is "strikt"; it must be the path of a file, or one of cheat-sheet, recommended, strict. Did you mean strict?',
  ],
  [
    "extends:\n  - strict\n  - ./base.yaml\n",
    "3: Cannot extend ./base.yaml: The file or directory does not exist. Check the path",
  ],
];
