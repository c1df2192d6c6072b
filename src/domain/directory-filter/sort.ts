import { invalid } from '../../kernel/errors.ts';
import type { ResourceShape } from './attribute.ts';
import { type Column, type Columns, folded } from './columns.ts';
import { type AttributePath, comparedAttribute, nameOf } from './filter.ts';
import { comparedPath } from './filter-value.ts';
import { resolvePath } from './resolve-path.ts';

export type Sort = { readonly path: AttributePath; readonly name: string; readonly isDescending: boolean };

/** RFC 7644 §3.4.2.3 `sortBy`. Throws `invalid('directory-filter.sort_invalid')`. */
export function parseSort(text: string, isDescending: boolean, shape: ResourceShape): Sort {
  const resolved = resolvePath(text, shape);
  const path = 'path' in resolved ? comparedPath(resolved.path) : undefined;
  if (path === undefined) throw cannotSort(text);
  return { path, name: nameOf(path), isDescending };
}

/** What the list is ordered by, in SQL; of many values the primary one, else the first. */
export function sortExpression({ path, name }: Sort, columns: Columns): string {
  const owner = path.attribute.multiValued ? nameOf({ ...path, sub: undefined }) : name;
  const column = Object.hasOwn(columns, owner) ? columns[owner] : undefined;
  const sql = column && expressionOf(column, path);
  if (sql === undefined) throw cannotSort(name);
  return sql;
}

function expressionOf(column: Column, path: AttributePath): string | undefined {
  if (column.kind === 'constant') return undefined;
  if (column.kind === 'many') return path.sub?.name === 'value' ? column.sort : undefined;
  if (column.kind !== 'text' || comparedAttribute(path).caseExact) return column.sql;
  return column.key ?? folded(column.sql);
}

const cannotSort = (name: string) =>
  invalid('directory-filter.sort_invalid', {
    detail: `lists cannot be ordered by ${name.slice(0, 128)}`,
    faults: [{ parameter: 'sortBy', detail: 'expected an attribute with one value, or one with a primary value' }],
  });
