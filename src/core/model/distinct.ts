/** Returns the items without those that are deeply equal to an earlier one. */
export const distinct = <T>(list: T[]): T[] => [
  ...new Map(list.map((item) => [JSON.stringify(item), item])).values(),
];
