import type { Reader } from '../../persistence/unit-of-work.ts';

const POSSIBLE = ['id_token', 'code id_token', 'id_token token', 'code token', 'code id_token token', 'none'] as const;

/** OAuth 2.1 has no implicit grant: other response types exist, and are shown, only while some client is allowed one. */
export function createResponseTypes(read: Reader) {
  let current: readonly string[] = [];
  return {
    all: POSSIBLE,
    current: (): readonly string[] => current,
    /** True when they changed. */
    async refresh(): Promise<boolean> {
      const rows = await read.query<{ type: string }>(
        `SELECT DISTINCT type FROM clients CROSS JOIN LATERAL jsonb_array_elements_text(metadata -> 'response_types') AS type
         WHERE enabled AND jsonb_typeof(metadata -> 'response_types') = 'array' AND metadata -> 'response_types' <> '["code"]'`,
      );
      const used = new Set(rows.map(({ type }) => type.split(' ').sort().join(' ')));
      const next = POSSIBLE.filter((type) => used.has(type));
      const isChanged = next.join() !== current.join();
      current = next;
      return isChanged;
    },
  };
}
