import { comparisonKey } from '../../kernel/text.ts';
import { type AttributePath, comparedAttribute, type Filter, type FilterValue, type Operator } from './filter.ts';

type Values = Readonly<Record<string, unknown>>;

/** Whether a resource, with its names spelled as in the schema, meets a filter: the same answer as its SQL gives. */
export function matches(filter: Filter, resource: Values): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((one) => matches(one, resource));
    case 'or':
      return filter.filters.some((one) => matches(one, resource));
    case 'not':
      return !matches(filter.filter, resource);
    case 'present':
      return valuesAt(filter.path, resource).some(isPresent);
    case 'some':
      return valuesAt(filter.path, resource).some((value) => matches(filter.filter, valuesOf(value)));
    case 'compare': {
      const values = valuesAt(filter.path, resource);
      // An absent single value is not the same as any; of many values, one must differ.
      const asked = values.length === 0 && !filter.path.attribute.multiValued ? [undefined] : values;
      return asked.some((value) => compare(value, filter.operator, filter.value, filter.path));
    }
  }
}

function valuesAt({ extension, attribute, sub }: AttributePath, resource: Values): readonly unknown[] {
  const owner = extension === undefined ? resource : valuesOf(resource[extension]);
  const value = owner[attribute.name];
  const values = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return sub === undefined ? values : values.map((one) => valuesOf(one)[sub.name]);
}

const valuesOf = (value: unknown): Values => (typeof value === 'object' && value !== null ? (value as Values) : {});

const isPresent = (value: unknown): boolean =>
  value !== undefined && value !== null && !(typeof value === 'object' && Object.keys(value).length === 0);

function compare(value: unknown, operator: Operator, other: FilterValue, path: AttributePath): boolean {
  if (other === null) return isPresent(value) === (operator === 'ne');
  if (!isPresent(value)) return operator === 'ne';
  const { caseExact, type } = comparedAttribute(path);
  if (other instanceof Date) return ordered(new Date(String(value)).getTime(), operator, other.getTime());
  if (typeof other === 'number') return ordered(Number(value), operator, other);
  if (typeof other === 'boolean') return (value === other) === (operator === 'eq');
  const isFolded = !caseExact && type !== 'binary';
  const [left, right] = isFolded ? [comparisonKey(String(value)), comparisonKey(other)] : [String(value), other];
  if (operator === 'co') return left.includes(right);
  if (operator === 'sw') return left.startsWith(right);
  if (operator === 'ew') return left.endsWith(right);
  return ordered(Buffer.compare(Buffer.from(left), Buffer.from(right)), operator, 0);
}

function ordered(left: number, operator: Operator, right: number): boolean {
  if (operator === 'eq') return left === right;
  if (operator === 'ne') return left !== right;
  if (operator === 'gt') return left > right;
  if (operator === 'ge') return left >= right;
  return operator === 'lt' ? left < right : left <= right;
}
