import type { AccountClaims, Configuration } from 'oidc-provider';
import { primaryEmail, type User } from '../../domain/users/user.ts';

/** OIDC Core §5.4 and our own scopes: which claims each scope asks for. Values of null are claims without a scope. */
export const claims: NonNullable<Configuration['claims']> = {
  acr: null,
  amr: null,
  auth_time: null,
  iss: null,
  sid: null,
  openid: ['sub'],
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
  roles: ['roles'],
  groups: ['groups'],
  permissions: ['permissions'],
  organization: ['org_id', 'org_name', 'org_roles', 'org_teams'],
};

/** Scopes that are no permission of any resource server. */
export const standardScopes: ReadonlySet<string> = new Set([
  'openid',
  'offline_access',
  'profile',
  'email',
  'phone',
  'address',
  'roles',
  'groups',
  'permissions',
  'organization',
]);

/** OIDC Core §5.1. The library leaves out what was not asked for, and members that are undefined. */
export function personClaims(user: User): AccountClaims {
  const { name } = user;
  return {
    sub: user.id,
    name: user.displayName ?? name?.formatted ?? joined(name?.givenName, name?.familyName),
    family_name: name?.familyName,
    given_name: name?.givenName,
    middle_name: name?.middleName,
    nickname: user.nickName,
    preferred_username: user.userName,
    profile: user.profileUrl,
    picture: primaryOf(user.photos)?.value,
    website: user.website,
    gender: user.gender,
    birthdate: user.birthdate,
    zoneinfo: user.timezone,
    locale: user.locale,
    updated_at: Math.floor(user.updatedAt.getTime() / 1000),
    ...emailClaims(user),
    ...phoneClaims(user),
    address: addressClaim(user),
  };
}

function emailClaims(user: User): Record<string, unknown> {
  const email = primaryEmail(user);
  return email ? { email: email.value, email_verified: email.verified } : {};
}

function phoneClaims({ phoneNumbers }: User): Record<string, unknown> {
  const phone = primaryOf(phoneNumbers);
  return phone ? { phone_number: phone.value, phone_number_verified: phone.verified === true } : {};
}

/** OIDC Core §5.1.1. */
function addressClaim({ addresses }: User): Record<string, string> | undefined {
  const address = primaryOf(addresses);
  if (!address) return undefined;
  const parts = [address.streetAddress, joined(address.postalCode, address.locality), address.region, address.country];
  const formatted = address.formatted ?? parts.filter((part) => part !== undefined).join('\n');
  const members = {
    formatted,
    street_address: address.streetAddress,
    locality: address.locality,
    region: address.region,
    postal_code: address.postalCode,
    country: address.country,
  };
  return Object.fromEntries(Object.entries(members).flatMap(([key, value]) => (value ? [[key, value] as const] : [])));
}

function primaryOf<Item extends { readonly primary?: boolean }>(items: readonly Item[]): Item | undefined {
  return items.find((item) => item.primary === true) ?? items[0];
}

function joined(...parts: readonly (string | undefined)[]): string | undefined {
  const text = parts.filter((part) => part !== undefined && part !== '').join(' ');
  return text === '' ? undefined : text;
}
