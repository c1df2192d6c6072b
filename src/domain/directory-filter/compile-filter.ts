import { isUuid } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Attribute } from './attribute.ts';
import { type Column, type Columns, folded, type LookUp } from './columns.ts';
import {
  type AttributePath,
  comparedAttribute,
  type Filter,
  FilterMistake,
  type FilterValue,
  nameOf,
  type Operator,
} from './filter.ts';

/** Puts a value among the parameters of a statement and answers its place: `$7`. */
export type Bind = (value: unknown) => string;

/**
 * A filter as an SQL condition. Everything a caller wrote is bound; the text of the condition comes from `columns` alone
 * (SECURITY-LESSONS 36). A condition on an absent value is NULL, which counts as false here.
 */
export function compileFilter(filter: Filter, columns: Columns, bind: Bind): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${filter.filters.map((one) => compileFilter(one, columns, bind)).join(filter.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `(${compileFilter(filter.filter, columns, bind)}) IS NOT TRUE`;
    case 'present':
      return present(filter.path, columns);
    case 'compare':
      return onColumn(filter.path, columns, (column) =>
        compared(column, filter.path, filter.operator, filter.value, bind),
      );
    case 'some': {
      const column = columnOf(filter.path, columns);
      if (column.kind !== 'many') throw cannotBeAsked(filter.path);
      return column.some(compileFilter(filter.filter, column.values, bind));
    }
  }
}

type Exceptional = Extract<Column, { kind: 'boolean' }> & { readonly exceptions: string };

/** Whether it asks for those of whom something is not so that is so of most. */
const isExceptional = (column: Column, operator: Operator, value: FilterValue): column is Exceptional =>
  column.kind === 'boolean' &&
  column.exceptions !== undefined &&
  ((operator === 'eq' && value === false) || (operator === 'ne' && value === true));

const exceptional = ({ sql, exceptions }: Exceptional): string => `(${exceptions} AND NOT ${sql})`;

/** The condition of the others, where an index has those: counted are they, and what is left of all meets the filter. */
export function compileExceptions(filter: Filter, columns: Columns): string | undefined {
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.value !== true) return undefined;
  const name = nameOf(filter.path);
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  return column !== undefined && isExceptional(column, 'eq', false) ? exceptional(column) : undefined;
}

type Among = { readonly from: string; readonly id: string; readonly where: string };

/** A filter that is one condition on values with a table of their own, as a condition on the rows of that. Else undefined. */
export function compileAmongValues(filter: Filter, columns: Columns, bind: Bind): Among | undefined {
  if (!('path' in filter)) return undefined;
  const name = nameOf({ ...filter.path, sub: undefined });
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column?.kind !== 'many' || column.among === undefined) return undefined;
  const alone = { ...columns, [name]: { ...column, some: (condition: string) => condition } };
  return { ...column.among, where: compileFilter(filter, alone, bind) };
}

function present(path: AttributePath, columns: Columns): string {
  const { attribute, sub } = path;
  const whole = columns[nameOf({ ...path, sub: undefined })];
  if (whole?.kind === 'many' && sub === undefined) return whole.some('true');
  if (whole === undefined && sub === undefined && attribute.subAttributes !== undefined) {
    const parts = attribute.subAttributes.filter((one) => columns[nameOf({ ...path, sub: one })] !== undefined);
    return `(${parts.map((one) => present({ ...path, sub: one }, columns)).join(' OR ') || 'false'})`;
  }
  return onColumn(path, columns, (column) =>
    column.kind === 'constant' ? 'true' : `${sqlOf(column, path)} IS NOT NULL`,
  );
}

/** A condition on one value; of many, any may meet it (RFC 7644 §3.4.2.2). */
function onColumn(path: AttributePath, columns: Columns, condition: (column: Column) => string): string {
  const { attribute, sub } = path;
  const column = columnOf(path.attribute.multiValued ? { ...path, sub: undefined } : path, columns);
  if (column.kind !== 'many') return condition(column);
  const value = sub === undefined ? column.value : column.values[sub.name];
  if (value === undefined || !attribute.multiValued) throw cannotBeAsked(path);
  return column.some(condition(value));
}

function columnOf(path: AttributePath, columns: Columns): Column {
  const name = nameOf(path);
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column === undefined) throw cannotBeAsked(path);
  return column;
}

const cannotBeAsked = (path: AttributePath): FilterMistake =>
  new FilterMistake('filter', 0, `${nameOf(path)} cannot be asked for`);

function sqlOf(column: Column, path: AttributePath): string {
  if ('sql' in column) return column.sql;
  throw cannotBeAsked(path);
}

const SIGNS = { eq: '=', ne: 'IS DISTINCT FROM', gt: '>', ge: '>=', lt: '<', le: '<=' } as const;

function compared(column: Column, path: AttributePath, operator: Operator, value: FilterValue, bind: Bind): string {
  if (column.kind === 'constant') return constant(column.value, operator, value);
  const sql = sqlOf(column, path);
  if (value === null) return `${sql} IS ${operator === 'eq' ? '' : 'NOT '}NULL`;
  const found = lookedUp(column, operator, value);
  if (found !== undefined) return found.some(comparedBytes(found.key, operator, found.text, bind));
  if (column.kind === 'uuid') return comparedId(sql, operator, String(value), bind);
  if (column.kind === 'text') return comparedText(column, comparedAttribute(path), operator, String(value), bind);
  if (operator === 'co' || operator === 'sw' || operator === 'ew') throw cannotBeAsked(path);
  if (isExceptional(column, operator, value)) return exceptional(column);
  return `${sql} ${SIGNS[operator]} ${bind(value)}`;
}

const IN_TEXT: ReadonlySet<Operator> = new Set(['eq', 'sw', 'co', 'ew']);

/** Where an index answers: what has no value differs from any, and numbers have an order of their own. */
function lookedUp(column: Column, operator: Operator, value: FilterValue): (LookUp & { text: string }) | undefined {
  if (column.kind === 'many' || column.kind === 'constant' || column.lookUp === undefined) return undefined;
  if (column.kind === 'text')
    return IN_TEXT.has(operator) ? { ...column.lookUp, text: comparisonKey(String(value)) } : undefined;
  return operator === 'eq' ? { ...column.lookUp, text: String(value) } : undefined;
}

function comparedId(sql: string, operator: Operator, value: string, bind: Bind): string {
  const id = value.toLowerCase();
  if (operator === 'eq') return isUuid(id) && id === value ? `${sql} = ${bind(id)}::uuid` : 'false';
  if (operator === 'ne') return isUuid(id) && id === value ? `${sql} IS DISTINCT FROM ${bind(id)}::uuid` : 'true';
  return comparedBytes(`${sql}::text`, operator, value, bind);
}

function comparedText(
  { sql, key }: Extract<Column, { kind: 'text' }>,
  { caseExact }: Attribute,
  operator: Operator,
  value: string,
  bind: Bind,
): string {
  return caseExact
    ? comparedBytes(sql, operator, value, bind)
    : comparedBytes(key ?? folded(sql), operator, comparisonKey(value), bind);
}

function comparedBytes(sql: string, operator: Operator, value: string, bind: Bind): string {
  const pattern = value.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
  switch (operator) {
    case 'co':
      return `${sql} LIKE ${bind(`%${pattern}%`)}`;
    case 'sw':
      return beginning(sql, value, bind);
    case 'ew':
      return `${sql} LIKE ${bind(`%${pattern}`)}`;
    case 'eq':
    case 'ne':
      return `${sql} ${SIGNS[operator]} ${bind(value)}`;
    default:
      return `${sql} COLLATE "C" ${SIGNS[operator]} ${bind(value)}`;
  }
}

/** As a range: one plan serves all values, and a pattern that is not known yet finds no place in an index. */
function beginning(sql: string, value: string, bind: Bind): string {
  const end = afterBeginning(value);
  const from = `${sql} COLLATE "C" >= ${bind(value)}`;
  return end === undefined ? from : `(${from} AND ${sql} COLLATE "C" < ${bind(end)})`;
}

const LAST_BEFORE_SURROGATES = 0xd7ff;
const LAST = 0x10ffff;

/** The least text, by code points, above all that begin so; undefined when there is none. */
function afterBeginning(value: string): string | undefined {
  const points = [...value].map((sign) => sign.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  return String.fromCodePoint(...points, last === LAST_BEFORE_SURROGATES ? 0xe000 : last + 1);
}

function constant(is: string, operator: Operator, value: FilterValue): string {
  const other = value === null ? undefined : String(value);
  if (operator === 'eq') return is === other ? 'true' : 'false';
  if (operator === 'ne') return is === other ? 'false' : 'true';
  if (operator === 'co') return other !== undefined && is.includes(other) ? 'true' : 'false';
  if (operator === 'sw') return other !== undefined && is.startsWith(other) ? 'true' : 'false';
  return 'false';
}
