import type { ChangeFeed } from '../../persistence/change-feed.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { BrandingOwner, BrandingSettings } from './branding.ts';

/** Whom a page is for, as far as it is known. */
export type BrandingFor = { readonly clientId?: string | undefined; readonly organizationId?: string | undefined };

/** Everything that was said, at one moment. */
export type Brandings = {
  readonly all: readonly BrandingSettings[];
  /** From the deployment's to the client's: what comes later counts. */
  layersFor(wanted: BrandingFor): readonly BrandingSettings[];
  /** The same, as it would be if the owner's were this. */
  layersWith(owner: BrandingOwner, tried: BrandingSettings): readonly BrandingSettings[];
};

export type BrandingLookup = {
  /** What is held in memory and is known to be true; undefined: it has to be loaded. */
  held(): Brandings | undefined;
  load(): Promise<Brandings>;
};

/** Only a safety net: the change feed is what keeps the answer true. */
const LIFETIME_MS = 300_000;

/** All of them, without the images: a page asks for nothing, as long as nothing has changed. */
export function createBrandingLookup({
  read,
  changes,
}: {
  readonly read: Reader;
  readonly changes: Pick<ChangeFeed, 'subscribe' | 'isLive'>;
}): BrandingLookup {
  let kept: { readonly brandings: Brandings; readonly staleAfterMs: number } | undefined;
  let loading: Promise<Brandings> | undefined;
  const forget = () => {
    kept = undefined;
    // What is under way may have been read before the change.
    loading = undefined;
  };
  changes.subscribe('brandings', forget);
  // A client may belong to another organization now.
  changes.subscribe('clients', () => {
    if (kept === undefined || kept.brandings.all.length > 0) forget();
  });
  return {
    held: () => (changes.isLive && kept && performance.now() < kept.staleAfterMs ? kept.brandings : undefined),
    load() {
      if (loading !== undefined) return loading;
      const answer = readBrandings(read);
      loading = answer;
      answer
        .then((brandings) => {
          if (loading === answer) kept = { brandings, staleAfterMs: performance.now() + LIFETIME_MS };
        })
        .catch(() => undefined)
        .finally(() => {
          if (loading === answer) loading = undefined;
        });
      return answer;
    },
  };
}

type Row = {
  readonly organizationId: string | null;
  readonly clientId: string | null;
  readonly settings: BrandingSettings;
  /** The organizations that look like this one, and the clients of each. */
  readonly organizations: readonly string[];
  readonly clients: readonly string[];
};

/** An organization without branding of its own looks like the one it is in, and so do the clients of both. */
const ALL = /* sql */ `
  WITH RECURSIVE owned AS (
    SELECT b.organization_id AS branded, b.organization_id AS id FROM brandings b WHERE b.organization_id IS NOT NULL
    UNION
    SELECT owned.branded, o.id FROM owned JOIN organizations o ON o.parent_id = owned.id
    WHERE NOT EXISTS (SELECT FROM brandings own WHERE own.organization_id = o.id)
  )
  SELECT b.organization_id AS "organizationId", b.client_id AS "clientId", b.settings,
    ARRAY(SELECT owned.id::text FROM owned WHERE owned.branded = b.organization_id) AS organizations,
    ARRAY(SELECT c.client_id FROM owned JOIN clients c ON c.organization_id = owned.id WHERE owned.branded = b.organization_id) AS clients
  FROM brandings b`;

async function readBrandings(read: Reader): Promise<Brandings> {
  const rows = await read.query<Row>(ALL);
  const deployment = rows.find(
    ({ organizationId, clientId }) => organizationId === null && clientId === null,
  )?.settings;
  const ofClient = new Map(rows.flatMap(({ clientId, settings }) => (clientId === null ? [] : [[clientId, settings]])));
  const ofOrganization = new Map(
    rows.flatMap(({ organizations, settings }) => organizations.map((id) => [id, settings])),
  );
  const ofClientsOrganization = new Map(rows.flatMap(({ clients, settings }) => clients.map((id) => [id, settings])));
  return {
    all: rows.map(({ settings }) => settings),
    layersFor({ clientId = '', organizationId = '' }) {
      const organization = ofClientsOrganization.get(clientId) ?? ofOrganization.get(organizationId);
      return [deployment, organization, ofClient.get(clientId)].filter((one) => one !== undefined);
    },
    layersWith(owner, tried) {
      const organization = owner.type === 'client' ? ofClientsOrganization.get(owner.id) : undefined;
      const above = owner.type === 'deployment' ? [] : [deployment, organization];
      return [...above, tried].filter((one) => one !== undefined);
    },
  };
}
