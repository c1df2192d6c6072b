import { z } from 'zod';
import type { ResourceShape } from '../../domain/directory-filter/attribute.ts';
import type { Listing } from '../../domain/directory-filter/list.ts';
import { parseFilter } from '../../domain/directory-filter/parse-filter.ts';
import { parseSort } from '../../domain/directory-filter/sort.ts';
import { SEARCH_REQUEST } from './messages.ts';
import { ScimRefusal } from './scim-error.ts';
import type { SelectionRequest } from './selection.ts';

export const DEFAULT_COUNT = 100;
export const LARGEST_COUNT = 500;
const LARGEST_INDEX = 2 ** 31 - 1;

/** RFC 7644 §3.4.2 and RFC 9865: what a list is asked with, in a query or a SearchRequest. */
export type ListQuery = SelectionRequest & {
  readonly filter?: string | undefined;
  readonly sortBy?: string | undefined;
  readonly sortOrder?: string | undefined;
  readonly startIndex?: string | number | undefined;
  readonly count?: string | number | undefined;
  readonly cursor?: string | undefined;
};

const names = z.exactOptional(z.array(z.string()));
const searchRequest = z.strictObject({
  schemas: z.array(z.string()).refine((urns) => urns.includes(SEARCH_REQUEST), `expected ${SEARCH_REQUEST}`),
  attributes: names,
  excludedAttributes: names,
  filter: z.exactOptional(z.string()),
  sortBy: z.exactOptional(z.string()),
  sortOrder: z.exactOptional(z.string()),
  startIndex: z.exactOptional(z.number()),
  count: z.exactOptional(z.number()),
  cursor: z.exactOptional(z.string()),
});

/** RFC 7644 §3.4.3. */
export function readSearchRequest(body: unknown): ListQuery {
  const result = searchRequest.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ScimRefusal('invalidSyntax', `no SearchRequest: ${issue?.path.join('.')} ${issue?.message}`);
}

export type AskedPage = Listing & { readonly startIndex: number | undefined };

export function listingOf(query: ListQuery, shape: ResourceShape): AskedPage {
  const { filter, sortBy, sortOrder = 'ascending', cursor } = query;
  if (sortOrder !== 'ascending' && sortOrder !== 'descending')
    throw new ScimRefusal('invalidValue', 'sortOrder is ascending or descending');
  if (cursor !== undefined && query.startIndex !== undefined)
    throw new ScimRefusal('invalidValue', 'send startIndex or cursor, not both (RFC 9865)');
  const startIndex = Math.min(Math.max(integer(query.startIndex, 'startIndex', 'invalidValue') ?? 1, 1), LARGEST_INDEX);
  const count = integer(query.count, 'count', 'invalidCount') ?? DEFAULT_COUNT;
  return {
    filter: filter === undefined || filter === '' ? undefined : parseFilter(filter, shape),
    sort: sortBy === undefined || sortBy === '' ? undefined : parseSort(sortBy, sortOrder === 'descending', shape),
    // RFC 7644 §3.4.2.4: fewer than asked for may come; a negative value is 0.
    limit: Math.min(Math.max(count, 0), LARGEST_COUNT),
    from: cursor === undefined ? { offset: startIndex - 1 } : { cursor },
    startIndex: cursor === undefined ? startIndex : undefined,
  };
}

function integer(value: string | number | undefined, name: string, type: 'invalidValue' | 'invalidCount') {
  if (value === undefined || value === '') return undefined;
  const number = typeof value === 'string' && !/^-?\d{1,10}$/.test(value) ? Number.NaN : Number(value);
  if (!Number.isSafeInteger(number)) throw new ScimRefusal(type, `${name} is a whole number`);
  return number;
}
