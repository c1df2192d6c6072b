import type { ResourceShape } from '../../domain/directory-filter/attribute.ts';
import { FilterMistake } from '../../domain/directory-filter/filter.ts';
import { granted } from './caller-view.ts';
import { type AskedPage, type ListQuery, listingOf, readSearchRequest } from './list-query.ts';
import { listResponse } from './list-response.ts';
import { ScimRefusal } from './scim-error.ts';
import type { ScimAnswer, ScimCall, ScimRoutes } from './scim-route.ts';
import { type Selection, selectionOf } from './selection.ts';

/** One page of resources of a type, and how many there are. */
export type Page = {
  readonly total: number;
  readonly resources: readonly object[];
  readonly nextCursor?: string | undefined;
};

export type Searched = {
  /** What the resource is made of for this caller; undefined: nothing. */
  readonly shapeFor: (call: ScimCall) => Promise<ResourceShape | undefined>;
  /** `/Users` */
  readonly endpoint: string;
  readonly list: (call: ScimCall, listing: AskedPage, selection: Selection) => Promise<Page>;
};

/** RFC 7644 §3.4.2 and §3.4.3: by GET, and by POST with what was asked in the body. */
export const searchRoutes = (searched: Searched): ScimRoutes => [
  [{ method: 'GET', path: searched.endpoint, access: 'scim:read' }, (call) => search(call, call.query, searched)],
  [
    { method: 'POST', path: `${searched.endpoint}/.search`, access: 'scim:read', hasBody: true },
    (call) => search(call, readSearchRequest(call.body), searched),
  ],
];

async function search(call: ScimCall, query: ListQuery, { shapeFor, list }: Searched): Promise<ScimAnswer> {
  const shape = granted(await shapeFor(call));
  const selection = selectionOf(query, shape);
  const listing = listingOf(query, shape);
  return { status: 200, body: listResponse(listing, await list(call, listing, selection)) };
}

/** RFC 7644 §3.4.2.1: the root searches all types, one after another; each by itself is ordered. */
export const rootSearchRoutes = (types: readonly Searched[]): ScimRoutes => [
  [
    { method: 'POST', path: '/.search', access: 'scim:read', hasBody: true },
    (call) => searchAll(call, readSearchRequest(call.body), types),
  ],
];

async function searchAll(call: ScimCall, query: ListQuery, types: readonly Searched[]): Promise<ScimAnswer> {
  if (query.cursor !== undefined) throw new ScimRefusal('invalidValue', 'cursors go through one resource type');
  const shaped: (Searched & { readonly shape: ResourceShape })[] = [];
  for (const type of types) {
    const shape = await type.shapeFor(call);
    if (shape !== undefined) shaped.push({ ...type, shape });
  }
  const askable = shaped.flatMap((type) => {
    const listing = listingUnlessForeign(query, type.shape);
    return listing instanceof FilterMistake ? [] : [{ ...type, listing }];
  });
  // A filter that fits no type at all has a mistake.
  const [first] = shaped;
  if (askable.length === 0 && first !== undefined) listingOf(query, first.shape);
  const resources: object[] = [];
  let total = 0;
  for (const { list, listing, shape } of askable) {
    const offset = Math.max((listing.startIndex ?? 1) - 1 - total, 0);
    const limit = listing.limit - resources.length;
    const page = await list(call, { ...listing, from: { offset }, limit }, selectionOf(query, shape));
    resources.push(...page.resources);
    total += page.total;
  }
  return { status: 200, body: listResponse({ startIndex: askable[0]?.listing.startIndex }, { total, resources }) };
}

/** RFC 7644 §3.4.2.1: what has not the attribute does not match. */
function listingUnlessForeign(query: ListQuery, shape: ResourceShape): AskedPage | FilterMistake {
  try {
    return listingOf(query, shape);
  } catch (error) {
    if (error instanceof FilterMistake) return error;
    throw error;
  }
}
