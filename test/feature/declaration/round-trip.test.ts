import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anInstallation, type Installation } from './an-installation.ts';

/** `kept`: the same afterwards. An expression: kept by what it answers. `anew`: every installation has its own. */
type Decision = 'kept' | 'anew' | { readonly by: string } | { readonly leftOut: string };

const name = (table: string, of: string, column: string): Decision => ({
  by: `(SELECT x.${column} FROM ${table} x WHERE x.id = t.${of})`,
});
const organization = name('organizations', 'organization_id', 'name');
const VERSIONED = { version: 'anew', created_at: 'anew', updated_at: 'anew' } as const;
const ROW = { ...VERSIONED, id: 'anew', managed_by: 'anew' } as const;
const every = (names: string): Readonly<Record<string, Decision>> =>
  Object.fromEntries(names.split(' ').map((column) => [column, 'kept'] as const));

const decisions: Readonly<Record<string, Readonly<Record<string, Decision>>>> = {
  resource_servers: {
    ...ROW,
    ...every(
      'identifier name access_token_format access_token_type access_token_lifetime_seconds signing_alg built_in',
    ),
  },
  permissions: {
    ...VERSIONED,
    id: 'anew',
    ...every('value description'),
    resource_server_id: name('resource_servers', 'resource_server_id', 'identifier'),
  },
  roles: { ...ROW, ...every('name description built_in') },
  clients: {
    ...VERSIONED,
    managed_by: 'anew',
    ...every('client_id client_name client_name_key enabled first_party require_pkce claims_in_id_token'),
    ...every('allowed_cors_origins security_profile metadata scim_attributes'),
    organization_id: organization,
    access_valid_from: 'anew',
  },
  user_attributes: {
    ...ROW,
    ...every('name name_key schema description is_unique is_searchable mutability readable_by writable_by'),
    ...every('claim_name claim_scope'),
  },
  sign_in_policies: {
    ...ROW,
    ...every('name name_key description client_id enabled'),
    organization_id: organization,
    rules: { by: `(SELECT jsonb_agg(rule #- '{when,roles}') FROM jsonb_array_elements(t.rules) AS rule)` },
  },
  brandings: { ...ROW, ...every('client_id settings'), organization_id: organization },
  branding_logos: { ...every('hash media_type bytes'), branding_id: 'anew' },
  organizations: {
    ...ROW,
    ...every('name name_key display_name status'),
    suspended_for: { leftOut: 'a file is applied for all organizations, and so is what it suspends' },
    parent_id: name('organizations', 'parent_id', 'name'),
  },
  organization_domains: {
    domain: 'kept',
    organization_id: organization,
    ...{ id: 'anew', challenge: 'anew', created_at: 'anew' },
    ...{ confirmed_at: 'anew', checked_at: 'anew', fault: 'anew' },
  },
  organization_members: {
    organization_id: organization,
    user_id: name('users', 'user_id', 'user_name'),
    created_at: 'anew',
  },
  groups: {
    ...ROW,
    ...every('display_name display_name_key external_id membership_rule'),
    organization_id: { leftOut: 'teams belong to whoever administers the organization' },
  },
  group_owners: {
    group_id: { leftOut: 'who looks after a group is a matter of people, as long as they are there' },
    user_id: { leftOut: 'likewise' },
    created_at: 'anew',
  },
  role_assignments: {
    ...ROW,
    ...every('client_id starts_at ends_at reason'),
    role_id: name('roles', 'role_id', 'name'),
    user_id: name('users', 'user_id', 'user_name'),
    group_id: name('groups', 'group_id', 'display_name'),
    followed_at: 'anew',
  },
  users: {
    ...ROW,
    ...every(
      'user_name user_name_key external_id formatted_name family_name family_name_key given_name given_name_key',
    ),
    ...every('middle_name honorific_prefix honorific_suffix display_name display_name_key nick_name profile_url title'),
    ...every('title_key user_type user_type_key preferred_language locale timezone gender birthdate website'),
    ...every('phone_numbers addresses photos ims entitlements x509_certificates employee_number employee_number_key'),
    ...every('cost_center cost_center_key organization organization_key division division_key department'),
    ...every('department_key status starts_at ends_at custom_attributes'),
    manager_id: name('users', 'manager_id', 'user_name'),
    home_organization_id: name('organizations', 'home_organization_id', 'name'),
    access_valid_from: 'anew',
    opening_followed_at: 'anew',
  },
  user_emails: {
    ...every('position value value_key type is_primary is_verified display'),
    user_id: name('users', 'user_id', 'user_name'),
  },
};

const FILE = `
resourceServers:
  - identifier: https://api.example.com
    name: Orders
    accessTokenFormat: jwt
    accessTokenType: JWT
    accessTokenLifetimeSeconds: 240
    signingAlg: RS256
    permissions: [{ value: orders:read, description: Read }]
organizations: [{ name: Acme, displayName: Acme Ltd., domains: [acme.example] }, { name: Works, parent: Acme, status: suspended }]
clients:
  - client_id: shop
    client_name: The shop
    organization: Acme
    enabled: false
    first_party: true
    claims_in_id_token: true
    allowed_cors_origins: ['https://shop.example.com']
    scim_attributes: [userName, emails]
    redirect_uris: ['https://shop.example.com/callback']
    token_endpoint_auth_method: none
    roles: [clerk]
  - client_id: bank
    security_profile: fapi-2.0
    require_pkce: true
    redirect_uris: ['https://bank.example.com/callback']
    token_endpoint_auth_method: private_key_jwt
    dpop_bound_access_tokens: true
    require_pushed_authorization_requests: true
    jwks_uri: https://bank.example.com/jwks
roles:
  - { name: clerk, description: Of the shop, permissions: [{ resource: https://api.example.com, values: [orders:read] }] }
userAttributes:
  - { name: badge, description: On the card, schema: { type: string }, unique: true, searchable: true, mutability: readWrite, readableBy: [admin, clients], writableBy: [admin], claim: { name: badge_no, scope: profile } }
policies:
  - { name: Careful, description: Of Acme, organization: Acme, enabled: false, rules: [{ effect: deny, reason: Closed. }] }
  - { name: Shop, clientId: shop, rules: [{ effect: require, when: { roles: [clerk] }, requirements: { factors: two_factors } }] }
brandings:
  - organization: Acme
    name: Acme
    font: serif
    colors: { light: { accent: '#0f5c4a' } }
    links: { terms: https://acme.example/terms }
    mailSender: Acme
    logo: { light: 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC' }
  - { clientId: shop, name: Shop }
groups:
  - { displayName: Sales, externalId: g-1, roles: [{ role: clerk, startsAt: 2030-01-01T00:00:00Z, endsAt: 2031-01-01T00:00:00Z, reason: audit }] }
  - { displayName: Buyers, membershipRule: 'department eq "Buying"' }
users:
  - userName: boss
    roles: [clerk]
  - userName: ann
    externalId: e-1
    name: { formatted: Dr Ann B Clark Jr, givenName: Ann, familyName: Clark, middleName: B, honorificPrefix: Dr, honorificSuffix: Jr }
    displayName: Ann
    nickName: A
    profileUrl: https://ann.example.com
    title: Head
    userType: staff
    preferredLanguage: de
    locale: de-DE
    timezone: Europe/Berlin
    gender: female
    birthdate: '1980-01-02'
    website: https://ann.example.org
    emails: [{ value: ann@example.com, type: work, primary: true, verified: true, display: Ann }]
    phoneNumbers: [{ value: '+49301234', type: work }]
    addresses: [{ locality: Berlin, type: work }]
    photos: [{ value: https://ann.example.com/a.png, type: photo }]
    ims: [{ value: ann, type: xmpp }]
    entitlements: [{ value: parking }]
    urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:
      { employeeNumber: '7', costCenter: C1, organization: Acme, division: East, department: Buying, manager: { userName: boss } }
    urn:doorward:params:scim:schemas:extension:custom:2.0:User: { badge: B-7 }
    startsAt: 2020-01-01T00:00:00Z
    endsAt: 2040-01-01T00:00:00Z
    organizations: [{ organization: Acme, managed: true }, Works]
`;

describe('what an export says applies to another installation as it was (DESIGN §8)', () => {
  let here: Installation;
  let there: Installation;
  beforeAll(async () => {
    here = await anInstallation();
    there = await anInstallation();
    await here.apply(FILE);
    await there.apply(await here.export());
  });
  afterAll(async () => {
    await here.end();
    await there.end();
  });

  it.each(Object.keys(decisions))('of each column of %s it is decided whether a file keeps it', async (table) => {
    const columns = await here.read.query<{ name: string }>(
      'SELECT column_name AS name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1',
      [table],
    );

    const decided = Object.keys(decisions[table] ?? {});
    expect(decided.sort()).toEqual(columns.map((column) => column.name).sort());
  });

  const kept = Object.entries(decisions).flatMap(([table, columns]) =>
    Object.entries(columns).flatMap(([column, decision]): (readonly [string, string, string])[] => {
      if (decision === 'kept') return [[table, column, `t.${column}`]];
      return typeof decision === 'object' && 'by' in decision ? [[table, column, decision.by]] : [];
    }),
  );

  it('every kept column has a value in the sample, and the same in both', async () => {
    const valuesOf = async ({ read }: Installation, table: string, expression: string) => {
      const rows = await read.query<{ value: string | null }>(`SELECT (${expression})::text AS value FROM ${table} t`);
      return rows.map(({ value }) => value ?? '').sort();
    };
    const [was, is]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
    const empty: string[] = [];
    for (const [table, column, expression] of kept) {
      const values = await valuesOf(here, table, expression);
      if (values.every((value) => value === '')) empty.push(`${table}.${column}`);
      was[`${table}.${column}`] = values;
      is[`${table}.${column}`] = await valuesOf(there, table, expression);
    }

    expect(is).toEqual(was);
    expect(empty).toEqual([]);
  });

  it('the other installation exports the same text, and applying it there changes nothing', async () => {
    const text = await there.export();

    expect(text).toBe(await here.export());
    expect((await there.apply(text)).steps).toEqual([]);
  });
});
