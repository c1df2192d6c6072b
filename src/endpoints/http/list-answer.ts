import { z } from 'zod';
import { DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE, type Page } from '../../persistence/keyset-page.ts';
import type { Answer } from './route.ts';

/** Query parameters every list takes. */
export const pageParameters = {
  cursor: z.string().min(1).max(512).optional().describe('The `nextCursor` of the page before.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(LARGEST_PAGE_SIZE)
    .default(DEFAULT_PAGE_SIZE)
    .describe(`Items per page, at most ${LARGEST_PAGE_SIZE}.`),
};

export const listSchema = <Item extends z.ZodType>(name: string, item: Item) =>
  z.object({ [name]: z.array(item), nextCursor: z.string().optional().describe('Absent on the last page.') });

/** A list as an object with one array; the next page is in `nextCursor` and in `Link` (RFC 8288). */
export function listAnswer<Item>(
  name: string,
  page: Page<Item>,
  present: (item: Item) => unknown,
  address: { path: string; query: Readonly<Record<string, unknown>> },
): Answer {
  const body = {
    [name]: page.items.map(present),
    ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
  };
  if (page.nextCursor === undefined) return { status: 200, body };
  const next = new URLSearchParams();
  for (const [key, value] of Object.entries(address.query)) {
    if (value !== undefined && key !== 'cursor') next.set(key, String(value));
  }
  next.set('cursor', page.nextCursor);
  return { status: 200, body, headers: { Link: `<${address.path}?${next}>; rel="next"` } };
}
