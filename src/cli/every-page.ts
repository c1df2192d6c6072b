import type { Page, PageRequest } from '../persistence/keyset-page.ts';

const AT_ONCE = 500;

/** All pages of a search, one after another. */
export async function everyPage<Item>(search: (request: PageRequest) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await search({ cursor, limit: AT_ONCE });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return items;
}
