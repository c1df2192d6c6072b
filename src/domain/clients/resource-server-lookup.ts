import type { ChangeFeed } from '../../persistence/change-feed.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { ResourceServer } from './resource-server.ts';

/** What a token request needs to know about a resource server. */
export type KnownResourceServer = Pick<
  ResourceServer,
  | 'id'
  | 'identifier'
  | 'name'
  | 'accessTokenFormat'
  | 'accessTokenType'
  | 'accessTokenLifetimeSeconds'
  | 'signingAlg'
  | 'builtIn'
> & {
  /** Permission value → description. */
  readonly permissions: ReadonlyMap<string, string | undefined>;
};

export type ResourceServerLookup = {
  find(identifier: string): Promise<KnownResourceServer | undefined>;
  all(): Promise<readonly KnownResourceServer[]>;
  /** The resource servers that have this permission value. */
  owningPermission(value: string): Promise<readonly KnownResourceServer[]>;
};

export type ResourceServerLookupParts = {
  readonly read: Reader;
  readonly changes: Pick<ChangeFeed, 'subscribe' | 'isLive'>;
};

type Row = Omit<KnownResourceServer, 'permissions'> & {
  readonly permissions: readonly (readonly [string, string | null])[];
};
type Known = {
  readonly byIdentifier: ReadonlyMap<string, KnownResourceServer>;
  readonly byPermission: ReadonlyMap<string, readonly KnownResourceServer[]>;
};

const ALL = /* sql */ `
  SELECT servers.id, servers.identifier, servers.name, servers.access_token_format AS "accessTokenFormat",
    servers.access_token_type AS "accessTokenType", servers.access_token_lifetime_seconds AS "accessTokenLifetimeSeconds",
    servers.signing_alg AS "signingAlg", servers.built_in AS "builtIn",
    coalesce(json_agg(json_build_array(permissions.value, permissions.description) ORDER BY permissions.value)
      FILTER (WHERE permissions.id IS NOT NULL), '[]') AS permissions
  FROM resource_servers servers LEFT JOIN permissions ON permissions.resource_server_id = servers.id
  GROUP BY servers.id ORDER BY servers.identifier`;

/** Only a safety net: the change feed is what keeps the answer true. */
const LIFETIME_MS = 300_000;

/** All resource servers with their permissions, held in memory: they are few, and every token request asks. */
export function createResourceServerLookup({ read, changes }: ResourceServerLookupParts): ResourceServerLookup {
  let held: { readonly answer: Promise<Known>; readonly staleAfterMs: number } | undefined;
  changes.subscribe('resource-servers', () => {
    held = undefined;
  });

  const known = (): Promise<Known> => {
    if (!changes.isLive) return load(read);
    if (held !== undefined && performance.now() < held.staleAfterMs) return held.answer;
    const answer = load(read);
    held = { answer, staleAfterMs: performance.now() + LIFETIME_MS };
    answer.catch(() => {
      if (held?.answer === answer) held = undefined;
    });
    return answer;
  };

  return {
    find: async (identifier) => (await known()).byIdentifier.get(identifier),
    all: async () => [...(await known()).byIdentifier.values()],
    owningPermission: async (value) => (await known()).byPermission.get(value) ?? [],
  };
}

async function load(read: Reader): Promise<Known> {
  const byIdentifier = new Map<string, KnownResourceServer>();
  const byPermission = new Map<string, KnownResourceServer[]>();
  for (const row of await read.query<Row>(ALL)) {
    const server = {
      ...row,
      permissions: new Map(row.permissions.map(([value, description]) => [value, description ?? undefined] as const)),
    };
    byIdentifier.set(server.identifier, server);
    for (const value of server.permissions.keys()) {
      const owners = byPermission.get(value);
      if (owners === undefined) byPermission.set(value, [server]);
      else owners.push(server);
    }
  }
  return { byIdentifier, byPermission };
}
