// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

/** A page of items, and where the next page begins. */
interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** Read all items, page by page. */
export async function* readPages<T>(
  readPage: (query: {cursor?: string}) => Promise<Page<T>>
): AsyncGenerator<T> {
  let query: {cursor?: string} | undefined = {};
  while (query) {
    const page: Page<T> = await readPage(query);
    yield* page.items;
    query = page.next_cursor ? {cursor: page.next_cursor} : undefined;
  }
}
