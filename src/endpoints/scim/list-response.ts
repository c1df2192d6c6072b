import type { AskedPage } from './list-query.ts';
import { LIST_RESPONSE } from './messages.ts';

type Listed = {
  readonly total: number;
  readonly resources: readonly object[];
  readonly nextCursor?: string | undefined;
};

/** RFC 7644 §3.4.2 and RFC 9865 §2.2; the last page has no `nextCursor`. */
export const listResponse = (
  { startIndex }: Pick<AskedPage, 'startIndex'>,
  { total, resources, nextCursor }: Listed,
) => ({
  schemas: [LIST_RESPONSE],
  totalResults: total,
  itemsPerPage: resources.length,
  ...(startIndex === undefined ? {} : { startIndex }),
  ...(nextCursor === undefined ? {} : { nextCursor }),
  Resources: resources,
});
