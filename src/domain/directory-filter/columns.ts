/** Where an attribute is kept. SQL here is ours, never a caller's. */
export type Column =
  /** `key` holds the form in which text is compared without regard to case (kernel/text.ts); without it that form is computed. */
  | { readonly kind: 'text'; readonly sql: string; readonly key?: string; readonly lookUp?: LookUp }
  | { readonly kind: 'number' | 'time' | 'uuid'; readonly sql: string; readonly lookUp?: LookUp }
  /** `exceptions`: where it is true of most and an index has the others, a condition that all of those meet. */
  | { readonly kind: 'boolean'; readonly sql: string; readonly lookUp?: LookUp; readonly exceptions?: string }
  /** The same for every resource. */
  | { readonly kind: 'constant'; readonly value: string }
  /**
   * Many values: the SQL that says one of them meets a condition, and the columns of one, by the name of the sub-attribute; `value`
   * where each is one by itself.
   */
  | {
      readonly kind: 'many';
      readonly some: (condition: string) => string;
      /** Where the values have a table of their own that is large: that table, and its column with the id of whose they are. */
      readonly among?: { readonly from: string; readonly id: string };
      readonly values: Readonly<Record<string, Column>>;
      readonly value?: Column;
      /** One text to sort by: the primary value, else the first. */
      readonly sort?: string;
    };

/** Beside the value: where the form in which it is compared is kept with an index, and the SQL that says it meets a condition. */
export type LookUp = { readonly key: string; readonly some: (condition: string) => string };

/** By the name that `nameOf` gives. */
export type Columns = Readonly<Record<string, Column>>;

export const text = (sql: string, key?: string): Column => ({
  kind: 'text',
  sql,
  ...(key === undefined ? {} : { key }),
});

/** The values of a JSON array column, each an object whose members are text, booleans left aside. */
export const jsonValues = (column: string, members: readonly string[]): Column => ({
  kind: 'many',
  some: (condition) => `EXISTS (SELECT FROM jsonb_array_elements(${column}) AS item WHERE ${condition})`,
  values: {
    ...Object.fromEntries(members.map((name) => [name, text(`item->>'${name}'`)])),
    primary: { kind: 'boolean', sql: `coalesce((item->>'primary')::boolean, false)` },
  },
  sort: `(SELECT item->>'${members[0]}' FROM jsonb_array_elements(${column}) WITH ORDINALITY AS items (item, place)
    ORDER BY coalesce((item->>'primary')::boolean, false) DESC, place LIMIT 1)`,
});

/** The form of {@link comparisonKey} in SQL, for text that has no column for it. */
export const folded = (sql: string): string => `normalize(lower(normalize(btrim(${sql}), NFKC)), NFKC)`;
