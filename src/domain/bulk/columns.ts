import { z } from 'zod';
import { invalid } from '../../kernel/errors.ts';
import { pointerTo } from '../../kernel/input.ts';
import { isStorableText } from '../../kernel/text.ts';
import type { UserAttribute } from '../user-attributes/user-attribute.ts';
import { CUSTOM } from '../users/custom-input.ts';
import { ENTERPRISE } from '../users/enterprise-input.ts';
import { userInput } from '../users/user-input.ts';
import { splitList } from './list-cell.ts';

/** A column of a file, resolved to the attribute it holds. */
export type Column = {
  readonly steps: readonly (string | number)[];
  readonly kind: 'text' | 'boolean' | 'number' | 'list' | 'numbers' | 'booleans';
};

/** How the rows of one kind of file are written down in each format. */
export type FileShape = {
  /** What a row is about, for messages. */
  readonly noun: string;
  /** The column of this name; undefined for what is no attribute of it. */
  readonly resolve: (name: string) => Column | undefined;
  /** An object of a JSON file as a row has it; as it is when left out. */
  readonly fromJson?: (value: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  readonly ldif: {
    /** Object classes in lower case; entries of no such class are passed over. */
    readonly classes: ReadonlySet<string>;
    /** Attributes in lower case to columns; `[]` stands for each value's place. Others are passed over. */
    readonly attributes: ColumnMapping;
    /** Under which of those a value counts, where that depends on it. */
    readonly nameOf?: (attribute: string, text: string) => string;
    /** What a value of a list says: a DN means what it names. */
    readonly textOf: (column: string, text: string) => string;
  };
};

type Shape = {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
};

// The schema that checks a row says which columns there are: one source for both.
const PERSON = z.toJSONSchema(userInput, { io: 'input', unrepresentable: 'any' }) as Shape;
const TEXT: Shape = { type: 'string' };
const LIST: Shape = { type: 'array', items: TEXT };
const MANAGER: Shape = { type: 'object', properties: { value: TEXT, userName: TEXT } };
const ENTERPRISE_NAMES = PERSON.properties?.[ENTERPRISE]?.properties ?? {};
const MOST_OF_A_LIST = 100;

/** Short names as well as those with a URN: `department`, `urn:…:enterprise:2.0:User:department`. */
export function resolveColumn(name: string, definitions: readonly UserAttribute[]): Column | undefined {
  const path = stepsOf(withoutUrn(name));
  if (path === undefined) return undefined;
  const custom = definitions.find((one) => one.name === path[0] && !name.startsWith(`${ENTERPRISE}:`));
  if (custom && path.length === 1 && !isOwn(path[0])) return customColumn(custom);
  const root: Shape = {
    type: 'object',
    properties: {
      ...PERSON.properties,
      ...ENTERPRISE_NAMES,
      manager: MANAGER,
      groups: LIST,
      roles: LIST,
      passwordHash: TEXT,
    },
  };
  const kind = kindAt(root, path);
  if (kind === undefined) return undefined;
  const [first] = path;
  return {
    steps: typeof first === 'string' && Object.hasOwn(ENTERPRISE_NAMES, first) ? [ENTERPRISE, ...path] : path,
    kind,
  };
}

const isOwn = (name: string | number | undefined): boolean =>
  typeof name === 'string' && (Object.hasOwn(PERSON.properties ?? {}, name) || Object.hasOwn(ENTERPRISE_NAMES, name));

const withoutUrn = (name: string): string =>
  [ENTERPRISE, CUSTOM].reduce((rest, urn) => (rest.startsWith(`${urn}:`) ? rest.slice(urn.length + 1) : rest), name);

/** `emails[0].value` */
function stepsOf(name: string): readonly (string | number)[] | undefined {
  if (!/^[A-Za-z$][\w$-]*(\[\d{1,3}\])?(\.[A-Za-z$][\w$-]*(\[\d{1,3}\])?)*$/.test(name)) return undefined;
  return [...name.matchAll(/[\w$-]+/g)].map(([step]) => (/^\d+$/.test(step) ? Number(step) : step));
}

function kindAt(shape: Shape, path: readonly (string | number)[]): Column['kind'] | undefined {
  let at: Shape | undefined = shape;
  for (const step of path) {
    if (typeof step === 'number') at = step < MOST_OF_A_LIST ? at?.items : undefined;
    else at = Object.hasOwn(at?.properties ?? {}, step) ? at?.properties?.[step] : undefined;
    if (at === undefined) return undefined;
  }
  if (at.type === 'array') return at.items?.type === 'string' ? 'list' : undefined;
  if (at.type === 'object') return undefined;
  return at.type === 'boolean' ? 'boolean' : 'text';
}

function customColumn({ name, schema }: UserAttribute): Column {
  const { type } = schema.type === 'array' ? schema.items : schema;
  const isMany = schema.type === 'array';
  const kind = type === 'string' ? (isMany ? 'list' : 'text') : type === 'boolean' ? 'boolean' : 'number';
  return {
    steps: [CUSTOM, name],
    kind: isMany && kind !== 'list' ? (kind === 'boolean' ? 'booleans' : 'numbers') : kind,
  };
}

/** What a cell says, or the text itself where it is none of the column's kind: the schema then refuses it. */
export function cellValue(kind: Column['kind'], text: string): unknown {
  if (kind === 'list') return splitList(text);
  if (kind === 'numbers' || kind === 'booleans')
    return splitList(text).map((one) => cellValue(kind === 'numbers' ? 'number' : 'boolean', one));
  if (kind === 'boolean') return BOOLEANS.get(text.toLowerCase()) ?? text;
  if (kind === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  return text;
}

const BOOLEANS = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
  ['yes', true],
  ['no', false],
]);

export type Cell = { readonly column: Column; readonly text: string; readonly number: number };

/** Cells put together to a person, and where each attribute stands. Members of a list close up where cells are empty. */
export function assemble(cells: readonly Cell[]): {
  readonly value: Record<string, unknown>;
  readonly columns: ReadonlyMap<string, number>;
} {
  const value: Record<string, unknown> = {};
  const columns = new Map<string, number>();
  const places = new Map<string, number[]>();
  for (const { column, text, number } of cells) {
    const steps = closedUp(column.steps, places);
    put(value, steps, cellValue(column.kind, text));
    columns.set(pointerTo(steps), number);
  }
  return { value, columns };
}

function closedUp(steps: Column['steps'], places: Map<string, number[]>): Column['steps'] {
  return steps.map((step, index) => {
    if (typeof step === 'string') return step;
    const list = pointerTo(steps.slice(0, index));
    const seen = places.get(list) ?? [];
    places.set(list, seen);
    const place = seen.indexOf(step);
    return place >= 0 ? place : seen.push(step) - 1;
  });
}

function put(root: Record<string, unknown>, steps: Column['steps'], value: unknown): void {
  let at = root as Record<string | number, unknown>;
  steps.forEach((step, index) => {
    if (index === steps.length - 1) at[step] = value;
    else {
      at[step] ??= typeof steps[index + 1] === 'number' ? [] : {};
      at = at[step] as Record<string | number, unknown>;
    }
  });
}

/** Each costs: a header of a hundred thousand would keep the server from everything else. */
const MOST_COLUMNS = 2_000;
const NAMED = 20;

const named = (names: readonly string[]): string =>
  names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ` and ${names.length - NAMED} more` : '');

/** Throws `invalid('imports.column_unknown')` naming each column that is no attribute. */
export function resolveColumns(
  names: readonly string[],
  { shape, mapping }: { readonly shape: FileShape; readonly mapping: ColumnMapping },
): readonly (Column | undefined)[] {
  if (names.length > MOST_COLUMNS)
    throw invalid('imports.too_many_columns', { detail: `expected at most ${MOST_COLUMNS} columns` });
  const resolved = names.map((name) => {
    const target = Object.hasOwn(mapping, name) ? mapping[name] : name;
    return target === null || target === undefined ? undefined : { name, column: shape.resolve(target) };
  });
  const unknown = resolved.flatMap((one) => (one !== undefined && one.column === undefined ? [one.name] : []));
  if (unknown.length > 0) {
    const detail = `these columns are no attributes of ${shape.noun}: ${named(unknown)}; map them to null to leave them out`;
    throw invalid('imports.column_unknown', { detail });
  }
  const columns = resolved.map((one) => one?.column);
  const seen = new Set<string>();
  for (const column of columns) {
    const pointer = column && pointerTo(column.steps);
    if (pointer !== undefined && seen.has(pointer))
      throw invalid('imports.column_twice', { detail: `two columns hold the same attribute: ${pointer.slice(1)}` });
    if (pointer !== undefined) seen.add(pointer);
  }
  return columns;
}

/** Names of columns in the file to attributes; null leaves a column out. */
const columnName = z.string().max(256).refine(isStorableText, 'NUL and lone surrogates are not allowed');
export const columnMapping = z.record(columnName, z.nullable(columnName));
export type ColumnMapping = Readonly<z.output<typeof columnMapping>>;

/** The columns that hold everything of people whose lists are this long: a column for each member of each value. */
export function columnsOfPeople(
  lengths: ReadonlyMap<string, number>,
  definitions: readonly UserAttribute[],
): readonly (Column & { readonly name: string })[] {
  const custom = lengths.has(CUSTOM) ? definitions.map(({ name }) => `${CUSTOM}:${name}`) : [];
  const names = [...lengths].flatMap(([name, length]) => {
    if (name === CUSTOM) return [];
    if (name === ENTERPRISE)
      return Object.keys(ENTERPRISE_NAMES).flatMap((one) => (one === 'manager' ? ['manager.userName'] : [one]));
    const shape = PERSON.properties?.[name];
    const members = (one: Shape | undefined, path: string): readonly string[] =>
      Object.keys(one?.properties ?? {}).map((member) => `${path}.${member}`);
    if (shape?.type === 'object') return members(shape, name);
    if (shape?.type === 'array')
      return Array.from({ length }, (_, place) => members(shape.items, `${name}[${place}]`)).flat();
    return [name];
  });
  return [...names, ...custom].flatMap((name) => {
    const column = resolveColumn(name, definitions);
    return column === undefined ? [] : [{ ...column, name }];
  });
}
