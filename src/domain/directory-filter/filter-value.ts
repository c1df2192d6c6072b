import { findAttribute } from './attribute.ts';
import { type AttributePath, comparedAttribute, type FilterValue, type Operator } from './filter.ts';
import type { Token } from './tokens.ts';

/** RFC 7643 §2.4: comparing a complex attribute means its `value`; undefined when it has none. */
export function comparedPath(path: AttributePath): AttributePath | undefined {
  const { attribute, sub } = path;
  if (sub !== undefined || attribute.type !== 'complex') return path;
  const value = findAttribute(attribute.subAttributes, 'value');
  return value && { ...path, sub: value };
}

type Read = { readonly value: FilterValue } | { readonly problem: string; readonly position: number };

const ORDERED: ReadonlySet<Operator> = new Set(['gt', 'ge', 'lt', 'le']);
const PARTIAL: ReadonlySet<Operator> = new Set(['co', 'sw', 'ew']);

/** The value as the attribute's type has it. */
export function valueFor(path: AttributePath, operator: Operator, token: Token): Read {
  const { type, name } = comparedAttribute(path);
  const wrong = (problem: string): Read => ({ problem, position: token.position });
  if (token.kind === 'symbol') return wrong('expected a value');
  const given = token.kind === 'literal' ? token.value : wordValue(token.text);
  if (given === undefined) return wrong('expected a value; text stands between quotation marks');
  const isEquality = operator === 'eq' || operator === 'ne';
  if (given === null) return isEquality ? { value: null } : wrong(`null is compared with eq and ne alone`);
  switch (type) {
    case 'boolean': {
      // RFC 7644 §3.4.2.2: ordering a boolean fails. Some clients quote the value.
      const value = typeof given === 'string' ? wordValue(given) : given;
      if (typeof value !== 'boolean') return wrong(`${name} is true or false`);
      return isEquality ? { value } : wrong(`${name} is compared with eq and ne alone`);
    }
    case 'integer':
    case 'decimal':
      if (typeof given !== 'number') return wrong(`${name} is a number`);
      return PARTIAL.has(operator) ? wrong(`${name} is a number, not text`) : { value: given };
    case 'dateTime': {
      const value = typeof given === 'string' ? instantOf(given) : undefined;
      if (value === undefined) return wrong(`${name} is a time such as "2026-01-31T12:00:00Z"`);
      return PARTIAL.has(operator) ? wrong(`${name} is a time, not text`) : { value };
    }
    default:
      if (typeof given !== 'string') return wrong(`${name} is text`);
      return type === 'binary' && ORDERED.has(operator) ? wrong(`${name} has no order`) : { value: given };
  }
}

function wordValue(text: string): boolean | null | undefined {
  const lower = text.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower === 'true';
  return lower === 'null' ? null : undefined;
}

/** RFC 7643 §2.3.5: an XML Schema dateTime. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?$/;

function instantOf(text: string): Date | undefined {
  if (!DATE_TIME.test(text)) return undefined;
  const instant = new Date(/(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
