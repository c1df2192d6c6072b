import { asJson, type Invocation } from './command.ts';

export type Column<Row> = readonly [
  title: string,
  value: (row: Row) => string | number | boolean | Date | null | undefined,
];

/** Rows for people, or as one JSON array for programs. */
export async function showTable<Row>(
  { say, values }: Pick<Invocation, 'say' | 'values'>,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): Promise<void> {
  if (values.json === true) return say(asJson(rows));
  const cells = rows.map((row) => columns.map(([, value]) => cell(value(row))));
  const all = [columns.map(([title]) => title), ...cells];
  const widths = columns.map((_, index) => Math.max(...all.map((line) => line[index]?.length ?? 0)));
  for (const line of all)
    await say(
      line
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

const cell = (value: string | number | boolean | Date | null | undefined): string =>
  value instanceof Date ? value.toISOString() : printable(String(value ?? ''));

/** What people typed must not steer the terminal: control and direction characters are shown, not obeyed. */
const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
